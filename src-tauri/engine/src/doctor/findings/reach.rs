//! No server answers.

use super::{Certainty, Code, Finding, span};
use crate::doctor::observations::Observations;
use crate::transport::Why;

pub(super) fn unreachable(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|_| seen.is_unreachable())?;
    let finding = |title: &str| {
        let families = seen.families.iter().map(|family| match &family.connected {
            Ok(time) => format!("IPv{}: connected in {}", family.version, span(*time)),
            Err(why) => format!("IPv{}: {why}", family.version),
        });
        let families = families.collect::<Vec<_>>().join("; ");
        let evidence =
            if families.is_empty() { failure.message.to_string() } else { format!("{} ({families})", failure.message) };
        Finding::problem(Code::Unreachable, Certainty::Certain, title).seen(evidence)
    };
    match failure.why {
        Why::Name => Some(
            finding("The host's name is not known").mend("check the name, the network, and a VPN that it may need"),
        ),
        Why::Network => Some(finding("There is no connection to the server").mend(
            "check that the server runs and listens on this port and address, and that no firewall is in between",
        )),
        Why::Silent => {
            Some(finding("The server does not answer").mend("check the address, the port and the firewalls in between"))
        }
        Why::Unusable => Some(finding("The request cannot be made").mend("mend what the evidence names")),
        Why::Tls(_) | Why::Loop | Why::Redirect => None,
    }
}

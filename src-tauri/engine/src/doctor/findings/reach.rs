//! No server answers.

use super::{Certainty, Code, Finding, span};
use crate::doctor::observations::Observations;
use crate::locale::Text;
use crate::text;
use crate::transport::Why;

pub(super) fn unreachable(seen: &Observations) -> Option<Finding> {
    let failure = seen.failure().filter(|_| seen.is_unreachable())?;
    let finding = |title: Text| {
        let families = seen.families.iter().map(|family| {
            let version = family.version;
            match &family.connected {
                Ok(time) => {
                    let time = span(*time);
                    text!("IPv{version}: connected in {time}", "IPv{version}：{time}后连上", time)
                }
                Err(why) => text!("IPv{version}: {why}", "IPv{version}：{why}", why),
            }
        });
        let (families, why) = (Text::joined(families, ("; ", "；")), &failure.message);
        let evidence = if families.is_empty() {
            why.clone()
        } else {
            text!("{why} ({families})", "{why}（{families}）", why, families)
        };
        Finding::problem(Code::Unreachable, Certainty::Certain, title).seen(evidence)
    };
    match failure.why {
        Why::Name => Some(finding(text!("The host's name is not known", "找不到这个主机名")).mend(text!(
            "check the name, the network, and a VPN that it may need",
            "请检查名称、网络，以及可能需要的 VPN"
        ))),
        Why::Network => Some(finding(text!("There is no connection to the server", "无法连接到服务器")).mend(text!(
            "check that the server runs and listens on this port and address, and that no firewall is in between",
            "请检查服务器是否在运行并监听这个地址和端口，途中有没有防火墙"
        ))),
        Why::Silent => {
            Some(finding(text!("The server does not answer", "服务器没有应答")).mend(text!(
                "check the address, the port and the firewalls in between",
                "请检查地址、端口和途中的防火墙"
            )))
        }
        Why::Unusable => Some(
            finding(text!("The request cannot be made", "无法发出请求"))
                .mend(text!("mend what the evidence names", "请修正上面指出的问题")),
        ),
        Why::Tls(_) | Why::Loop | Why::Redirect => None,
    }
}

//! Whatever is configured: what is there already is asked by nobody, what a change leaves out neither, and no secret of
//! this machine gets to a new place unasked.

use proptest::prelude::*;

use super::*;

const SOURCES: [&str; 4] = ["{ keyring = true }", "{ env = \"A\" }", "{ env = \"B\" }", "{ file = \"/f\" }"];
const SERVERS: [&str; 4] = ["https://a.example/", "https://b.example/", "http://a.example/", "https://a.example:444/x"];
const MORE: [&str; 5] = [
    "",
    "unix_socket = \"/s\"",
    "proxy = \"http://p:1\"",
    "insecure = true",
    "redirects = { trust = [\"*.c.example\"] }",
];

/// A stream: its server, where its token and a header come from, and one thing more.
type Picked = (usize, usize, usize, usize);

fn picked() -> impl Strategy<Value = Vec<Picked>> {
    proptest::collection::vec((0..SERVERS.len(), 0..SOURCES.len(), 0..SOURCES.len(), 0..MORE.len()), 0..4)
}

fn config(streams: &[Picked]) -> Config {
    let stream = |(at, (server, token, header, more)): (usize, &Picked)| {
        format!(
            "[[stream]]\nname = \"s{at}\"\nurl = \"{}\"\nauth = {{ kind = \"bearer\", secret = {} }}\nheaders = {{ X = {} }}\n{}\n",
            SERVERS[*server], SOURCES[*token], SOURCES[*header], MORE[*more]
        )
    };
    let text: String = streams.iter().enumerate().map(stream).collect();
    crate::config::parse(&text).unwrap_or_else(|errors| panic!("{errors:?}: {text}"))
}

/// Each secret of this machine with each place that it gets to.
fn sent(config: &Config) -> Vec<(SecretSource, Place)> {
    let secrets = config.streams.iter().flat_map(|stream| of_stream(stream)).filter_map(|reach| match reach {
        Reach::Secret { source, to } => Some(to.into_iter().map(move |place| (source.clone(), place))),
        Reach::Key { .. }
        | Reach::Password { .. }
        | Reach::Socket { .. }
        | Reach::Led { .. }
        | Reach::Programs
        | Reach::Program { .. }
        | Reach::Kept { .. }
        | Reach::Leftover { .. } => None,
    });
    secrets.flatten().collect()
}

proptest! {
    #[test]
    fn nothing_is_asked_of_what_stays_or_goes(streams in picked(), kept in any::<prop::sample::Index>()) {
        let old = config(&streams);
        prop_assert_eq!(reaches(&old, &old), []);
        let fewer = kept.index(streams.len() + 1);
        prop_assert_eq!(reaches(&old, &config(&streams[..fewer])), []);
    }

    #[test]
    fn a_secret_gets_to_a_new_place_only_where_that_is_asked(before in picked(), after in picked()) {
        let (old, new) = (config(&before), config(&after));
        let known = sent(&old);
        let asked: Vec<_> = reaches(&old, &new).into_iter().filter_map(|reach| match reach {
            Reach::Secret { source, to } => Some((source, to)),
            Reach::Key { .. } | Reach::Password { .. } | Reach::Socket { .. } | Reach::Led { .. } | Reach::Programs | Reach::Program { .. } | Reach::Kept { .. } | Reach::Leftover { .. } => None,
        }).collect();
        for (source, place) in sent(&new) {
            let is_asked = asked.iter().any(|(of, to)| *of == source && to.contains(&place));
            prop_assert_eq!(is_asked, !known.contains(&(source, place)));
        }
    }
}

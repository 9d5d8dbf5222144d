//! Secrets that a person just typed.

use crate::config::{SecretSource, StreamConfig};
use crate::locale::Text;
use crate::secrets::{Part, Secret};
use crate::text;

/// Secrets that a person typed for a stream, by what they are of. Its `Debug` shows none.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The one it signs in with.
    pub main: Option<Secret>,
    /// Those of headers, by the header's name.
    pub headers: Vec<(String, Secret)>,
    /// That of the OAuth 2 client, beside a refresh token.
    pub client_secret: Option<Secret>,
    /// The password of the client certificate's file.
    pub client_cert: Option<Secret>,
}

impl From<Option<Secret>> for Typed {
    fn from(main: Option<Secret>) -> Self {
        Self { main, ..Self::default() }
    }
}

impl Typed {
    /// Whether that one is among them.
    pub fn has(&self, part: Part<'_>) -> bool {
        self.parts().any(|(typed, _)| typed == part)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts().next().is_none()
    }

    /// What the vault is to hold for a stream of this name.
    pub(crate) fn accounts(&self, stream: &str) -> Vec<(String, Secret)> {
        self.parts().map(|(part, secret)| (part.account(stream), secret.clone())).collect()
    }

    /// Whether the stream takes each of them from the vault.
    ///
    /// # Errors
    /// With what to do.
    pub(crate) fn check(&self, stream: &StreamConfig) -> Result<(), Text> {
        if self.main.is_some() && stream.auth.secret() != Some(&SecretSource::Keyring) {
            return Err(match stream.auth.secret() {
                None => text!(
                    "a stream without sign-in has no token: choose how it signs in",
                    "不登录的流没有令牌：请选择登录方式"
                ),
                Some(_) => text!(
                    "this stream reads its token from elsewhere: set it there, or let it use the keyring",
                    "这个流从别处读取令牌：请在那里设置，或让它使用密钥环"
                ),
            });
        }
        let unused = |part: Part<'_>| part != Part::Main && !super::parts(stream).any(|used| used == part);
        match self.parts().find(|(part, _)| unused(*part)) {
            None => Ok(()),
            Some((Part::Header(name), _)) => Err(text!(
                "the header {name} does not take its value from the keyring",
                "请求头 {name} 的值不来自密钥环"
            )),
            Some(_) => Err(text!(
                "a secret was typed that the stream does not take from the keyring",
                "输入了一个密钥，但这个流不从密钥环读取它"
            )),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (Part<'_>, &Secret)> {
        let headers = self.headers.iter().map(|(name, secret)| (Part::Header(name), secret));
        let main = self.main.iter().map(|secret| (Part::Main, secret));
        let client_secret = self.client_secret.iter().map(|secret| (Part::ClientSecret, secret));
        let client_cert = self.client_cert.iter().map(|secret| (Part::ClientCert, secret));
        main.chain(headers).chain(client_secret).chain(client_cert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Auth, Header, HeaderValue};

    #[test]
    fn what_was_typed_must_be_what_the_stream_takes_from_the_vault() {
        let header = Header { name: "X-Key".to_owned(), value: HeaderValue::Secret(SecretSource::Keyring) };
        let bearer = |secret| StreamConfig { auth: Auth::Bearer { secret }, ..StreamConfig::new("a", "https://a/") };
        let with = StreamConfig { headers: vec![header], ..bearer(SecretSource::Keyring) };
        let secret = || Some(Secret::from("s"));
        let of_header = |name: &str| Typed { headers: vec![(name.to_owned(), "s".into())], ..Typed::default() };
        assert!(Typed::from(secret()).check(&with).is_ok() && of_header("X-Key").check(&with).is_ok());
        for (typed, stream) in [
            (of_header("X-Other"), with.clone()),
            (Typed { client_cert: secret(), ..Typed::default() }, with),
            (Typed::from(secret()), bearer(SecretSource::Env("T".to_owned()))),
            (Typed::from(secret()), StreamConfig::new("a", "https://a/")),
        ] {
            assert!(typed.check(&stream).is_err(), "{typed:?}");
        }
        assert!(of_header("X").has(Part::Header("X")) && !of_header("X").has(Part::Main));
    }
}

//! A private certificate authority.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use p12_keystore::{KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;

/// The authority and the files it has issued, all removed with it.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    /// A new one, whose own certificate is `ca.pem`.
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "An authority of one test");
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { issuer: Issuer::new(params, key), folder }
    }

    /// A certificate for a name, and its key, as `NAME.pem` and `NAME.key`, and both as `NAME.both.pem` and
    /// `NAME.p12`.
    pub(crate) fn issue(&self, name: &str) -> &Self {
        self.issue_with(name, |_| {})
    }

    /// One that ended long ago.
    pub(crate) fn issue_expired(&self, name: &str) -> &Self {
        self.issue_with(name, |params| params.not_after = date_time_ymd(2001, 1, 1))
    }

    /// One that is valid from some days ago on, for some more days.
    pub(crate) fn issue_for_days(&self, name: &str, ago: i64, more: i64) -> &Self {
        let [from, until] = [-ago, more].map(|days| {
            let time = Timestamp::now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
            let day = time.to_zoned(TimeZone::UTC).date();
            date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
        });
        self.issue_with(name, |params| (params.not_before, params.not_after) = (from, until))
    }

    /// One that signed itself.
    pub(crate) fn issue_self_signed(&self, name: &str) -> &Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Nobody but itself");
        let key = KeyPair::generate().unwrap();
        self.write(&format!("{name}.pem"), &params.self_signed(&key).unwrap().pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
        self
    }

    fn issue_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> &Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        self.write(&format!("{name}.pem"), &certificate.pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
        // As a client wants it: both in one file.
        self.write(&format!("{name}.both.pem"), &(certificate.pem() + &key.serialize_pem()));
        std::fs::write(self.file(&format!("{name}.p12")), pkcs12(&certificate, &key)).unwrap();
        self
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(Path::new(&self.file(name)), text).unwrap();
    }
}

/// Both as PKCS#12, with the password `pa55word`.
fn pkcs12(certificate: &rcgen::Certificate, key: &KeyPair) -> Vec<u8> {
    let key = PrivateKey::from_der(&key.serialize_der()).unwrap();
    let certificate = p12_keystore::Certificate::from_der(certificate.der()).unwrap();
    let mut store = KeyStore::new();
    store.add_entry("one", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", key, [certificate])));
    store.writer("pa55word").write().unwrap()
}

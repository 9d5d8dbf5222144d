//! Nobody there, certificates, versions, addresses, proxies, ids.

use super::*;

#[test]
fn nobody_who_answers_is_unreachable() {
    for why in [Why::Name, Why::Network, Why::Unusable] {
        assert_eq!(found(failed(why)), [Code::Unreachable], "{why:?}");
    }
    let nobody = |seen: &mut Observations| {
        failed(Why::Silent)(seen);
        seen.families.clear();
    };
    assert_eq!(found(nobody), [Code::Unreachable]);
    assert_eq!(found(failed(Why::Silent)), [Code::FirstByteLate]);
}

#[test]
fn certificates_are_told_apart() {
    let tls = |trouble| failed(Why::Tls(trouble));
    assert_eq!(found(tls(TlsTrouble::Expired)), [Code::CertificateExpired]);
    assert_eq!(found(tls(TlsTrouble::NotYet)), [Code::CertificateExpired]);
    assert_eq!(found(tls(TlsTrouble::Name)), [Code::CertificateName]);
    assert_eq!(found(tls(TlsTrouble::Authority)), [Code::CertificateAuthority]);
    assert_eq!(found(tls(TlsTrouble::Other)), [Code::Tls]);
    let own = |seen: &mut Observations| {
        tls(TlsTrouble::Authority)(seen);
        seen.certificate.as_mut().unwrap().self_signed = true;
    };
    assert_eq!(found(own), [Code::CertificateSelfSigned]);
    let ends = |days: i64| move |seen: &mut Observations| seen.certificate.as_mut().unwrap().until = at(86_400 * days);
    assert_eq!(found(ends(1)), [Code::CertificateEnds]);
    // One that lives for six days is young with five left.
    assert_eq!(
        found(|seen| {
            ends(5)(seen);
            seen.certificate.as_mut().unwrap().from = at(-86_400);
        }),
        []
    );
}

#[test]
fn old_http_is_found() {
    assert_eq!(found(with_head(|head| head.http = "1.0")), [Code::Http10]);
    assert_eq!(found(header("via", "1.0 cache.example.com")), [Code::Http10]);
    assert_eq!(found(header("connection", "close")), [Code::ConnectionClose]);
    let other = |seen: &mut Observations| {
        failed(Why::Network)(seen);
        seen.http1 = Some(healthy().visits.remove(0));
    };
    assert_eq!(found(other), [Code::Http2]);
    // A stream that lasts no longer over HTTP/1.1 has another fault.
    let both = |seen: &mut Observations| {
        seen.visits[0].body.end = Some(End { at: SECOND * 17, clean: false });
        seen.http1 = Some(seen.visits[0].clone());
    };
    assert_eq!(found(both), [Code::Cut]);
}

#[test]
fn the_way_is_judged() {
    assert_eq!(found(|seen| seen.families[1].connected = Err(text!("refused", "被拒绝"))), [Code::Ipv6]);
    assert_eq!(
        found(|seen| (seen.families[1].connected, seen.target.is_local) = (Err(text!("refused", "被拒绝")), true)),
        []
    );
    assert_eq!(found(header("date", "Tue, 14 Nov 2023 23:13:20 GMT")), [Code::Clock]);
    assert_eq!(found(|seen| seen.visits[0].answer.at = at(0) - SignedDuration::from_secs(20)), []);
    let proxy = |seen: &mut Observations| {
        seen.direct = Some(healthy().visits.remove(0));
        seen.target.proxies = vec!["HTTPS_PROXY".to_owned()];
    };
    assert_eq!(found(proxy), []);
    let in_the_way = |seen: &mut Observations| {
        proxy(seen);
        failed(Why::Network)(seen);
    };
    assert_eq!(found(in_the_way), [Code::Proxy]);
}

#[test]
fn ids_and_how_the_server_resumes_are_judged() {
    let none = |body: &mut Body| body.arrivals.iter_mut().for_each(|arrival| arrival.id = None);
    assert_eq!(
        found(|seen| {
            body(none)(seen);
            seen.again = None;
        }),
        [Code::NoIds]
    );
    let again =
        |first| move |seen: &mut Observations| seen.again.as_mut().unwrap().visit.body = steady(first, 1, ms(1));
    assert_eq!(found(again(15)), []);
    assert_eq!(found(again(20)), [Code::ResumeIgnored]);
    assert_eq!(found(again(1)), [Code::ResumeRepeats]);
    assert_eq!(found(again(14)), [Code::ResumeRepeats]);
    let admits = |seen: &mut Observations| seen.again.as_mut().unwrap().admits = Some("earliest".to_owned());
    assert_eq!(found(admits), [Code::ResumeIgnored]);
    assert_eq!(found(body(|body| body.retry = Some(ms(10)))), [Code::RetrySmall]);
    assert_eq!(found(body(|body| body.retry = Some(SECOND))), []);
}

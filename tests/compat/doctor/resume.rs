//! Ids, resumption and the reconnection time.

use streambell_engine::doctor::{Code, Ids, Resume};

use super::scripted::{Resumes, Script};
use super::{at, codes, examined};

#[tokio::test]
async fn events_without_ids_are_found() {
    let server = Script { event: "data: {n}\n\n".to_owned(), ..Script::well() }.start().await;
    let report = examined(at(&server.url)).await;
    assert_eq!((codes(&report), report.figures.ids), (vec![Code::NoIds], Ids::None));
}

#[tokio::test]
async fn a_server_that_does_not_resume_is_found_and_one_that_does_is_not() {
    for (resumes, wanted, figure) in [
        (Resumes::After, vec![], Resume::Works),
        (Resumes::Never, vec![Code::ResumeIgnored], Resume::Ignored),
        (Resumes::Anew, vec![Code::ResumeRepeats], Resume::Repeats),
    ] {
        let server = Script { resumes, ..Script::well() }.start().await;
        let report = examined(at(&server.url)).await;
        assert_eq!((codes(&report), report.figures.resume), (wanted, figure), "{report:#?}");
    }
}

#[tokio::test]
async fn a_server_that_admits_that_it_resumes_elsewhere_is_found() {
    let server = Script::with("Last-Event-ID: earliest").start().await;
    let report = examined(at(&server.url)).await;
    assert_eq!(codes(&report), [Code::ResumeIgnored]);
    assert!(report.findings[0].evidence.english.contains("earliest"), "{report:#?}");
}

#[tokio::test]
async fn a_reconnection_time_of_nothing_is_found() {
    for (retry, wanted) in [(0, vec![Code::RetrySmall]), (3_000, Vec::new())] {
        let event = format!("retry: {retry}\nid: {{n}}\ndata: {{n}}\n\n");
        let server = Script { event, ..Script::well() }.start().await;
        let report = examined(at(&server.url)).await;
        assert_eq!((codes(&report), report.figures.retry_ms), (wanted, Some(retry)), "{report:#?}");
    }
}

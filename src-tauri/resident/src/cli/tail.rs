//! `streambell tail URL`: the events of one stream on stdout. Needs no profile and no keyring.

mod lines;
mod options;
mod record;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use streambell_engine::secrets::Vault;
use streambell_engine::subscription::{Command, Item, Report, Subscription};
use streambell_engine::transport::HostGate;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::lines::Writer;
pub(crate) use self::options::TailArguments;
use self::record::Record;
use super::Failure;
use crate::output::{CHUNKS_HELD, Lines};
use crate::signals::{Asked, Signals};

/// The name of the stream, and of its secret in the vault in memory.
const STREAM: &str = "tail";

/// How long a stream may take to end.
const END_PATIENCE: Duration = Duration::from_millis(500);

/// How many reports of the stream wait for stdout before the stream does.
const REPORTS_HELD: usize = 64;

/// Prints until it is told to end, enough came, or the stream ended for good.
pub(crate) async fn run(arguments: TailArguments) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let vault = Vault::memory();
    if arguments.connection.auth.is_some() {
        // On a thread of its own, so that a signal ends us while nobody types.
        let reading = tokio::task::spawn_blocking(super::stdin::secret);
        let secret = tokio::select! {
            read = reading => read.map_err(|error| anyhow!(error))?.context("--auth").map_err(Failure::usage)?,
            () = end(&mut signals) => return Ok(ExitCode::SUCCESS),
        };
        vault.set(STREAM, &secret).await.context("the secret cannot be kept in memory")?;
    }
    let record = arguments.record.as_deref().map(Record::new).transpose().map_err(Failure::usage)?;
    let lines = Lines::start(CHUNKS_HELD).context("stdout cannot be written")?;
    let (reports, mut reported) = mpsc::channel(REPORTS_HELD);
    let (commands, commanded) = mpsc::channel(4);
    let shutdown = CancellationToken::new();
    let subscription = Subscription {
        config: Arc::new(arguments.stream()),
        vault,
        cursor: arguments.last_event_id.clone().unwrap_or_default(),
        gate: HostGate::default(),
        comments: arguments.comments,
        traffic: Arc::default(),
        reports,
    };
    let mut stream = JoinSet::new();
    stream.spawn(subscription.run(commanded, shutdown.clone()));

    let mut printer = Printer { writer: Writer::new(arguments.json), left: arguments.events, record, lines: &lines };
    let (end, is_due) = tokio::select! {
        end = printer.print(&mut reported) => (end, false),
        () = lines.closed() => (Ok(ExitCode::SUCCESS), false),
        () = until_end(&mut signals, &commands) => (Ok(ExitCode::SUCCESS), true),
        () = after(arguments.length) => (Ok(ExitCode::SUCCESS), true),
    };
    shutdown.cancel();
    drop(reported);
    if is_due {
        lines.finish().await;
    } else {
        // However slow its reader is, it gets all that was asked for, unless somebody does not want to wait for that.
        tokio::select! {
            () = lines.written() => {}
            () = self::end(&mut signals) => {}
        }
    }
    drop(tokio::time::timeout(END_PATIENCE, stream.join_next()).await);
    end
}

/// Writes reports as lines.
struct Printer<'a> {
    writer: Writer,
    /// How many events are still to be printed; `None` for no bound.
    left: Option<u64>,
    record: Option<Record>,
    lines: &'a Lines,
}

impl Printer<'_> {
    async fn print(
        &mut self,
        reported: &mut mpsc::Receiver<(streambell_engine::model::StreamId, Report)>,
    ) -> Result<ExitCode, Failure> {
        while let Some((_, report)) = reported.recv().await {
            let mut chunk = Vec::new();
            let end = self.take(report, &mut chunk);
            if let Some(record) = &mut self.record {
                record.write()?;
            }
            if !self.lines.write(chunk).await {
                return Ok(ExitCode::SUCCESS);
            }
            if let Some(end) = end {
                return Ok(end);
            }
        }
        Err(anyhow!("the stream ended unexpectedly: please report this").into())
    }

    /// Appends a report's lines to `chunk`; tells how to end, if it is time to.
    fn take(&mut self, report: Report, chunk: &mut Vec<u8>) -> Option<ExitCode> {
        match report {
            Report::Opened { status, url, http, gap, .. } => self.writer.open(chunk, status, &url, http, gap.as_ref()),
            // Nothing follows from them here.
            Report::Quiet(_) | Report::Token(_) | Report::Refused { .. } => {}
            Report::State(state) => {
                if self.writer.state(chunk, &state) {
                    return Some(ExitCode::from(3));
                }
            }
            Report::Items { items, .. } => {
                for item in items {
                    match item {
                        Item::Event(event) => {
                            self.writer.event(chunk, &event);
                            if let Some(record) = &mut self.record {
                                record.add(&event);
                            }
                            if let Some(left) = &mut self.left {
                                *left = left.saturating_sub(1);
                                if *left == 0 {
                                    return Some(ExitCode::SUCCESS);
                                }
                            }
                        }
                        Item::Comment(text) => self.writer.comment(chunk, &text),
                        Item::Skipped { bytes } => self.writer.skipped(chunk, bytes),
                    }
                }
            }
        }
        None
    }
}

async fn end(signals: &mut Signals) {
    while signals.next().await != Asked::End {}
}

async fn until_end(signals: &mut Signals, commands: &mpsc::Sender<Command>) {
    loop {
        match signals.next().await {
            Asked::End => return,
            // Where four are on their way already, one more changes nothing.
            Asked::Reconnect => drop(commands.try_send(Command::Reconnect)),
        }
    }
}

async fn after(length: Option<Duration>) {
    match length {
        Some(length) => tokio::time::sleep(length).await,
        None => std::future::pending().await,
    }
}

//! One connection through the proxy.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::{Ending, Newcomers, Plan, Shape};

/// How often a second a slowed connection forwards something.
const BEATS: usize = 20;

type Plans = watch::Receiver<Plan>;

/// Runs until one end has closed or the plan ends it. What goes wrong on a socket is what this proxy is for.
pub(super) async fn run(mut client: TcpStream, server: SocketAddr, plans: Plans, number: u64) {
    let plan = *plans.borrow();
    let mut end_all = plans.clone();
    let ended = end_all.wait_for(|now| now.ends > plan.ends);
    let fate = plan.random.map(|seed| Fate::draw(seed, number));
    let ignored = plan.newcomers == Newcomers::Ignore || fate.as_ref().is_some_and(|fate| fate.ignored);
    let own = fate.map(|fate| fate.shape);
    let work = async {
        if ignored {
            swallow(&mut client).await;
            Ending::Cut
        } else {
            forward(&mut client, server, plans, own, number).await
        }
    };
    let ending = tokio::select! {
        all = ended => all.map_or(Ending::Cut, |plan| if plan.reset { Ending::Reset } else { Ending::Cut }),
        ending = work => ending,
    };
    match ending {
        Ending::Cut | Ending::Stall => drop(client.shutdown().await),
        Ending::Reset => drop(client.set_zero_linger()),
    }
}

/// Takes what the client says until it goes.
async fn swallow(client: &mut TcpStream) {
    let mut buffer = [0; 4096];
    while client.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

async fn forward(client: &mut TcpStream, server: SocketAddr, plans: Plans, own: Option<Shape>, number: u64) -> Ending {
    let Ok(mut server) = TcpStream::connect(server).await else { return Ending::Reset };
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return Ending::Reset;
    }
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let down = Down { plans: plans.clone(), own, sent: 0, random: fastrand::Rng::with_seed(number) };
    tokio::select! {
        () = up(from_client, to_server, plans) => Ending::Cut,
        ending = down.run(from_server, to_client) => ending,
    }
}

/// From the client to the server, as it comes.
async fn up(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut plans: Plans) {
    let mut buffer = [0; 4096];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
        flowing(&mut plans).await;
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// From the server to the client, shaped.
struct Down {
    plans: Plans,
    own: Option<Shape>,
    sent: u64,
    random: fastrand::Rng,
}

impl Down {
    async fn run(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> Ending {
        let mut buffer = [0; 16 * 1024];
        loop {
            let read = match from.read(&mut buffer).await {
                Ok(0) => return Ending::Cut,
                Ok(read) => read,
                Err(_) => return Ending::Reset,
            };
            let mut rest = &mut buffer[..read];
            while !rest.is_empty() {
                flowing(&mut self.plans).await;
                let shape = self.own.unwrap_or_else(|| self.plans.borrow().shape);
                let left = shape.end.map_or(usize::MAX, |(after, _)| after.saturating_sub(self.sent) as usize);
                if let (0, Some((_, ending))) = (left, shape.end) {
                    return self.end(ending).await;
                }
                let beat = shape.rate.map_or(usize::MAX, |rate| (rate / BEATS).max(1));
                let size = rest.len().min(left).min(beat).min(shape.split.unwrap_or(usize::MAX).max(1));
                let (piece, later) = rest.split_at_mut(size);
                rest = later;
                self.corrupt(piece, shape.corrupt);
                // Even a sleep of nothing takes a millisecond.
                if let Some(pause) = pause(&shape) {
                    tokio::time::sleep(pause).await;
                }
                if to.write_all(piece).await.is_err() {
                    return Ending::Cut;
                }
                self.sent += size as u64;
                // Else the system would put the pieces together again.
                if shape.split.is_some() {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    async fn end(&self, ending: Ending) -> Ending {
        if ending == Ending::Stall {
            std::future::pending::<()>().await;
        }
        ending
    }

    fn corrupt(&mut self, piece: &mut [u8], one_in: Option<u32>) {
        let Some(one_in) = one_in else { return };
        for byte in piece {
            if self.random.u32(..one_in.max(1)) == 0 {
                *byte = self.random.u8(..);
            }
        }
    }
}

fn pause(shape: &Shape) -> Option<Duration> {
    let beat = if shape.rate.is_some() { Duration::from_secs(1) / BEATS as u32 } else { Duration::ZERO };
    Some(beat + shape.delay).filter(|pause| !pause.is_zero())
}

async fn flowing(plans: &mut Plans) {
    // The sender is gone where the proxy is: then this task is about to end too.
    drop(plans.wait_for(|plan| !plan.stalled).await);
}

/// What a connection is in for under [`super::Faults::random`].
struct Fate {
    ignored: bool,
    shape: Shape,
}

impl Fate {
    fn draw(seed: u64, number: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
        let ending = match random.u8(..10) {
            0..4 => Ending::Cut,
            4..8 => Ending::Reset,
            _ => Ending::Stall,
        };
        // Most get some way; some end within the answer's header.
        let after = if random.u8(..6) == 0 { random.u64(..120) } else { random.u64(120..24_000) };
        let shape = Shape {
            split: (random.u8(..3) == 0).then(|| random.usize(1..200)),
            rate: (random.u8(..8) == 0).then(|| random.usize(4_000..40_000)),
            delay: if random.u8(..8) == 0 { Duration::from_millis(random.u64(1..20)) } else { Duration::ZERO },
            corrupt: None,
            end: Some((after, ending)),
        };
        Self { ignored: random.u8(..16) == 0, shape }
    }
}

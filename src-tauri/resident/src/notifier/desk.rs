//! What is on the desktop, what waits to be, and what to do when something happens. Pure: time is an argument.
//!
//! A notification that cannot be shown is given back to the engine, which keeps it; [`Act::Back`] tells the engine
//! that showing has become possible. Nothing here is tried in a loop: the desk waits to be told that a notification
//! service appeared, or for an answer that it asked for.

mod screen;
mod service;
mod talk;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use streambell_engine::host::Notification;
use streambell_engine::locale::Text;
use streambell_engine::text;

use super::compose::Abilities;
use service::{Service, silent};
pub(super) use talk::{Act, Fault, Input, Ticket};

/// A service that has not answered by then hangs.
const PATIENCE: Duration = Duration::from_secs(5);

/// When to try again after an error that is not plainly "there is no service".
const RETRY: Duration = Duration::from_secs(60);

/// How many notifications wait or are on their way at most.
const HELD: usize = 256;

/// How many are on their way at a time: a bus takes 128 questions without an answer from one program (dbus-daemon's
/// `max_replies_per_connection`), and refuses the rest.
const ON_THE_WAY: usize = 64;

/// How often one is shown again whose service died; more would look as if it were what kills the service.
const SHOWN_AGAIN: u8 = 3;

/// See the module.
#[derive(Debug)]
pub(super) struct Desk {
    service: Service,
    /// Waits for the service, in order.
    queue: VecDeque<Arc<Notification>>,
    slots: HashMap<String, Slot>,
    on_the_way: HashMap<Ticket, OnTheWay>,
    screen: HashMap<u32, Shown>,
    /// The ids of `screen`, oldest first, perhaps some that have left.
    ages: VecDeque<u32>,
    /// The critical ones that were on a screen which went, unread, oldest first: shown again on the next.
    lost: VecDeque<Shown>,
    next: Ticket,
    /// The last that another service than this one was sent.
    others: Ticket,
    /// The engine holds alerts that could not be shown.
    owed: bool,
    /// When to offer the engine another try, where the service is there but refused one.
    again: Option<Instant>,
}

#[derive(Debug, Default)]
struct Slot {
    id: u32,
    on_the_way: bool,
    /// Sent once the one on the way has its id.
    waiting: VecDeque<Arc<Notification>>,
    /// To be taken off the screen once it is there.
    unwanted: bool,
}

#[derive(Debug)]
struct OnTheWay {
    shown: Shown,
    until: Instant,
}

/// One that is on screen, or was, or is to be.
#[derive(Debug)]
struct Shown {
    notification: Arc<Notification>,
    /// How often it has been shown on another screen before; the engine has been told then.
    before: u8,
}

impl Desk {
    /// Nothing on screen, and no bus yet.
    pub(super) fn new() -> Self {
        Self {
            service: Service::Joining,
            queue: VecDeque::new(),
            slots: HashMap::new(),
            on_the_way: HashMap::new(),
            screen: HashMap::new(),
            ages: VecDeque::new(),
            lost: VecDeque::new(),
            next: 0,
            others: 0,
            owed: false,
            again: None,
        }
    }

    /// What is to be done about what happened.
    pub(super) fn handle(&mut self, input: Input, now: Instant) -> Vec<Act> {
        let mut acts = Vec::new();
        match input {
            Input::Show(notification) => self.show(Arc::new(notification), now, &mut acts),
            Input::Close(slot) => self.close(&slot, &mut acts),
            Input::BusUp => self.bus_up(now, &mut acts),
            Input::BusDown(reason) => {
                self.forget_screen();
                self.give_up(Service::Away { reason, retry: None }, &mut acts);
            }
            Input::Service(there) => self.service_changed(there, now, &mut acts),
            Input::Asked(answer) => self.asked(answer, now, &mut acts),
            Input::Sent(ticket, answer) => self.sent(ticket, answer, now, &mut acts),
            Input::Pressed(id, key) => self.pressed(id, &key, &mut acts),
            Input::Closed(id) => self.closed(id),
            Input::Tick => self.tick(now, &mut acts),
        }
        acts
    }

    /// When [`Input::Tick`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let service = match &self.service {
            Service::Asking { until } => Some(*until),
            Service::Away { retry, .. } => *retry,
            Service::Joining | Service::Unknown | Service::Ready(_) | Service::Silent => None,
        };
        let on_the_way = self.on_the_way.values().map(|one| one.until).min();
        [service, on_the_way, self.again].into_iter().flatten().min()
    }

    fn show(&mut self, notification: Arc<Notification>, now: Instant, acts: &mut Vec<Act>) {
        // Only behind one that is on the way does another wait; the slots on screen are many more.
        let slots = self.on_the_way.values().filter_map(|one| self.slots.get(&one.shown.notification.slot));
        let waiting = slots.map(|slot| slot.waiting.len()).sum::<usize>();
        if self.queue.len() + self.on_the_way.len() + waiting >= HELD {
            self.again = Some(now + PATIENCE);
            return self.refuse(
                &notification,
                &text!("too many notifications wait for the desktop", "等待桌面显示的通知太多"),
                acts,
            );
        }
        match &self.service {
            Service::Ready(abilities) => {
                let abilities = *abilities;
                self.queue.push_back(notification);
                self.send_queue(abilities, now, acts);
            }
            Service::Unknown => {
                self.queue.push_back(notification);
                self.ask(now, acts);
            }
            Service::Joining | Service::Asking { .. } => self.queue.push_back(notification),
            Service::Silent => self.refuse(&notification, &silent(), acts),
            Service::Away { reason, .. } => {
                let reason = reason.clone();
                self.refuse(&notification, &reason, acts);
            }
        }
    }

    /// Sends, or lets it wait for the one of its slot that is on the way.
    fn send(
        &mut self,
        notification: Arc<Notification>,
        before: u8,
        abilities: Abilities,
        now: Instant,
        acts: &mut Vec<Act>,
    ) {
        self.lost.retain(|one| one.notification.slot != notification.slot);
        let slot = self.slots.entry(notification.slot.clone()).or_default();
        slot.unwanted = false;
        if slot.on_the_way {
            slot.waiting.push_back(notification);
            return;
        }
        slot.on_the_way = true;
        self.next += 1;
        acts.push(Act::Send(self.next, Arc::clone(&notification), abilities, slot.id));
        self.on_the_way.insert(self.next, OnTheWay { shown: Shown { notification, before }, until: now + PATIENCE });
    }

    fn sent(&mut self, ticket: Ticket, answer: Result<u32, Fault>, now: Instant, acts: &mut Vec<Act>) {
        let Some(OnTheWay { shown, .. }) = self.on_the_way.remove(&ticket) else {
            return self.sent_late(ticket, answer, acts);
        };
        let notification = Arc::clone(&shown.notification);
        let name = notification.slot.clone();
        let slot = self.slots.entry(name.clone()).or_default();
        slot.on_the_way = false;
        match answer {
            Ok(id) => {
                if shown.before == 0 {
                    acts.push(Act::Report(notification.alerts.clone(), Ok(())));
                }
                if std::mem::take(&mut slot.unwanted) {
                    acts.push(Act::Withdraw(id));
                }
                let before = std::mem::replace(&mut slot.id, id);
                if before != id {
                    self.screen.remove(&before);
                }
                self.remember(id, shown);
            }
            Err(Fault::Absent(reason)) => {
                self.give_back(shown, &reason, acts);
                self.forget_screen();
                return self.give_up(Service::Away { reason, retry: None }, acts);
            }
            Err(Fault::Other(reason)) => {
                self.again = Some(now + RETRY);
                self.give_back(shown, &reason, acts);
            }
        }
        if let Service::Ready(abilities) = self.service {
            if let Some(next) = self.slots.get_mut(&name).and_then(|slot| slot.waiting.pop_front()) {
                self.send(next, 0, abilities, now, acts);
            }
            self.send_queue(abilities, now, acts);
        }
        self.tidy(&name);
    }

    /// One that was given back, or sent anew to another service, is not ours any more. Where this one shows it all the
    /// same, it goes: the engine offers it again. In the place of another of its slot it stays, and is replaced then.
    fn sent_late(&self, ticket: Ticket, answer: Result<u32, Fault>, acts: &mut Vec<Act>) {
        // The ids of another service are this one's for other notifications.
        if let Ok(id) = answer
            && ticket > self.others
            && !self.screen.contains_key(&id)
        {
            acts.push(Act::Withdraw(id));
        }
    }

    fn close(&mut self, name: &str, acts: &mut Vec<Act>) {
        // What was not sent yet need not be: whoever closes it has read it.
        self.lost.retain(|one| one.notification.slot != name);
        let (unwanted, queue) = std::mem::take(&mut self.queue).into_iter().partition(|one| one.slot == name);
        self.queue = queue;
        let mut unwanted: VecDeque<_> = unwanted;
        if let Some(slot) = self.slots.get_mut(name) {
            unwanted.append(&mut slot.waiting);
            slot.unwanted = slot.on_the_way;
            let id = std::mem::take(&mut slot.id);
            if id != 0 {
                acts.push(Act::Withdraw(id));
                self.screen.remove(&id);
            }
        }
        acts.extend(unwanted.into_iter().map(|one| Act::Report(one.alerts.clone(), Ok(()))));
        self.tidy(name);
    }

    /// Sends what waits, as far as there is room on the way.
    fn send_queue(&mut self, abilities: Abilities, now: Instant, acts: &mut Vec<Act>) {
        while self.on_the_way.len() < ON_THE_WAY
            && let Some(notification) = self.queue.pop_front()
        {
            self.send(notification, 0, abilities, now, acts);
        }
    }

    /// Shows what was on a screen that went.
    fn send_lost(&mut self, abilities: Abilities, now: Instant, acts: &mut Vec<Act>) {
        for one in std::mem::take(&mut self.lost) {
            self.send(one.notification, one.before + 1, abilities, now, acts);
        }
    }

    fn tick(&mut self, now: Instant, acts: &mut Vec<Act>) {
        if self.again.is_some_and(|again| again <= now) {
            self.again = None;
            if let Service::Ready(abilities) = self.service {
                self.send_lost(abilities, now, acts);
                if std::mem::take(&mut self.owed) {
                    acts.push(Act::Back);
                }
            }
        }
        match &self.service {
            Service::Asking { until } if *until <= now => self.give_up(Service::Silent, acts),
            Service::Away { retry: Some(retry), .. } if *retry <= now => self.ask(now, acts),
            Service::Ready(_) if self.on_the_way.values().any(|one| one.until <= now) => {
                self.give_up(Service::Silent, acts);
                acts.push(Act::Ask);
            }
            Service::Joining
            | Service::Unknown
            | Service::Asking { .. }
            | Service::Ready(_)
            | Service::Silent
            | Service::Away { .. } => {}
        }
    }

    /// What could not be shown goes back to the engine; what has been shown before is kept here.
    fn give_back(&mut self, shown: Shown, reason: &Text, acts: &mut Vec<Act>) {
        match shown {
            Shown { notification, before: 0 } => self.refuse(&notification, reason, acts),
            again => self.lost.push_back(Shown { before: again.before - 1, ..again }),
        }
    }

    fn refuse(&mut self, notification: &Notification, reason: &Text, acts: &mut Vec<Act>) {
        self.owed = true;
        acts.push(Act::Report(notification.alerts.clone(), Err(reason.clone())));
    }

    /// Forgets a slot that stands for nothing.
    fn tidy(&mut self, name: &str) {
        if self.slots.get(name).is_some_and(|slot| slot.id == 0 && !slot.on_the_way && slot.waiting.is_empty()) {
            self.slots.remove(name);
        }
    }
}

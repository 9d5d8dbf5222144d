//! What of the menu is shown: while somebody has it open, no line moves. Pure: time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use super::menu::{Icon, Item, Menu};

/// For so long after it was asked for a menu counts as open, where nothing was chosen in it: panels tell of opening
/// (Xfce's nothing else), and that one was closed does not reach us.
const LOOKED_AT: Duration = Duration::from_secs(30);

/// The newest menu, and the lines that are shown.
#[derive(Debug)]
pub(super) struct Shown {
    menu: Menu,
    lines: Vec<Item>,
    open_until: Option<Instant>,
}

impl Shown {
    pub(super) fn new(menu: Menu) -> Self {
        Self { lines: menu.items.clone(), menu, open_until: None }
    }

    /// There is a newer menu. Gives when to [`settle`](Self::settle), if its lines have to wait.
    pub(super) fn renew(&mut self, menu: Menu, now: Instant) -> Option<Instant> {
        self.menu = menu;
        self.settle(now)
    }

    /// Shows the newest lines, unless the menu is open; gives when it will not be any more.
    pub(super) fn settle(&mut self, now: Instant) -> Option<Instant> {
        if self.lines == self.menu.items {
            return None;
        }
        self.open_until = self.open_until.filter(|until| *until > now);
        if self.open_until.is_none() {
            self.lines.clone_from(&self.menu.items);
        }
        self.open_until
    }

    /// Somebody opens the menu, and sees how things are.
    pub(super) fn open(&mut self, now: Instant) {
        self.close();
        self.open_until = Some(now + LOOKED_AT);
    }

    /// Something was chosen, and with that the menu is gone.
    pub(super) fn close(&mut self) {
        self.open_until = None;
        self.lines.clone_from(&self.menu.items);
    }

    pub(super) fn icon(&self) -> Icon {
        self.menu.icon
    }

    pub(super) fn summary(&self) -> &str {
        &self.menu.summary
    }

    pub(super) fn lines(&self) -> &[Item] {
        &self.lines
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn menu(line: &str) -> Menu {
        let mut menu = Menu::default();
        menu.items.push(Item::Text(line.to_owned()));
        line.clone_into(&mut menu.summary);
        menu
    }

    #[test]
    fn an_open_menu_keeps_its_lines_until_it_was_looked_at_for_long_while_icon_and_tool_tip_go_on() {
        let now = Instant::now();
        let mut shown = Shown::new(menu("a"));
        assert_eq!(shown.renew(menu("b"), now), None);
        assert_eq!(shown.lines(), menu("b").items, "nobody looks");
        shown.open(now);
        let until = shown.renew(menu("c"), now).unwrap();
        assert_eq!((shown.lines(), shown.summary()), (&menu("b").items[..], "c"));
        assert_eq!(until, now + LOOKED_AT);
        assert_eq!(shown.settle(until), None);
        assert_eq!(shown.lines(), menu("c").items);
    }

    #[test]
    fn what_was_held_back_is_there_once_something_is_chosen_or_the_menu_is_opened_again() {
        let now = Instant::now();
        for (then, held) in [(Shown::close as fn(&mut Shown), false), (|shown| shown.open(Instant::now()), true)] {
            let mut shown = Shown::new(menu("a"));
            shown.open(now);
            assert!(shown.renew(menu("b"), now).is_some());
            then(&mut shown);
            assert_eq!(shown.lines(), menu("b").items);
            assert_eq!(shown.renew(menu("c"), now).is_some(), held);
        }
    }

    #[test]
    fn a_change_that_is_taken_back_meanwhile_waits_for_nothing() {
        let now = Instant::now();
        let mut shown = Shown::new(menu("a"));
        shown.open(now);
        assert!(shown.renew(menu("b"), now).is_some());
        assert_eq!(shown.renew(menu("a"), now), None);
    }
}

//! What follows from what the system says. Pure.

/// What the system says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// The machine goes to sleep, or wakes.
    Sleep {
        /// Which of the two.
        begins: bool,
    },
    /// NetworkManager's state and the connection that carries the default route, where they are said.
    Network {
        /// A number of `NMState`.
        state: Option<u32>,
        /// An object path; `/` for none.
        primary: Option<String>,
    },
    /// Nobody knows of the network any more.
    Nothing,
}

/// What the engine is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The machine woke.
    Woke,
    /// There is a network, or another than before; or none.
    Network {
        /// Which of the two.
        up: bool,
    },
}

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    state: Option<u32>,
    primary: Option<String>,
    down: bool,
}

impl Outlook {
    /// Takes what the system says; tells what is new.
    pub(super) fn news(&mut self, news: News) -> Option<Told> {
        match news {
            News::Sleep { begins } => (!begins).then_some(Told::Woke),
            News::Network { state, primary } => {
                let other_state = self.state(state);
                let other_way = self.primary(primary);
                other_state.or(other_way)
            }
            News::Nothing => {
                let was_down = self.down;
                *self = Self::default();
                was_down.then_some(Told::Network { up: true })
            }
        }
    }

    fn state(&mut self, state: Option<u32>) -> Option<Told> {
        let state = state?;
        let before = self.state.replace(state);
        if before == Some(state) {
            return None;
        }
        match state {
            // Asleep (or switched off) and disconnected.
            10 | 20 => {
                let was_down = std::mem::replace(&mut self.down, true);
                (!was_down).then_some(Told::Network { up: false })
            }
            // On the way from one to the other: disconnecting, connecting.
            30 | 40 => None,
            // Unknown counts as connected; local, site and global connectivity are each another outlook. That there is a
            // network at the start goes without saying.
            _ => {
                let was_down = std::mem::take(&mut self.down);
                (was_down || before.is_some()).then_some(Told::Network { up: true })
            }
        }
    }

    /// Another interface carries the traffic: what was open on the one before may be dead without a word.
    fn primary(&mut self, primary: Option<String>) -> Option<Told> {
        let primary = primary.filter(|path| path != "/")?;
        let before = self.primary.replace(primary.clone());
        let other = before.is_some_and(|before| before != primary);
        (other && !self.down).then_some(Told::Network { up: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: Option<Told> = Some(Told::Network { up: true });
    const DOWN: Option<Told> = Some(Told::Network { up: false });

    fn state(state: u32) -> News {
        News::Network { state: Some(state), primary: None }
    }

    fn way(primary: &str) -> News {
        News::Network { state: None, primary: Some(primary.to_owned()) }
    }

    /// Tells one after the other.
    fn assert_tells(outlook: &mut Outlook, dialogue: &[(News, Option<Told>)]) {
        for (news, told) in dialogue {
            assert_eq!(outlook.news(news.clone()), *told, "{news:?} in {dialogue:?}");
        }
    }

    #[test]
    fn a_network_at_the_start_goes_without_saying_and_none_is_said() {
        assert_tells(&mut Outlook::default(), &[(state(70), None), (state(70), None)]);
        assert_tells(&mut Outlook::default(), &[(state(20), DOWN), (state(20), None), (state(10), None)]);
    }

    #[test]
    fn a_network_is_lost_once_and_there_again_when_it_is_connected() {
        let dialogue = [
            (state(70), None),
            (state(30), None),
            (state(20), DOWN),
            (state(40), None),
            (state(60), UP),
            (state(70), UP),
        ];
        assert_tells(&mut Outlook::default(), &dialogue);
    }

    #[test]
    fn another_network_is_told_though_the_machine_was_never_without() {
        assert_tells(&mut Outlook::default(), &[(state(70), None), (state(40), None), (state(70), UP)]);
        let dialogue = [(way("/1"), None), (way("/"), None), (way("/1"), None), (way("/2"), UP), (way("/2"), None)];
        assert_tells(&mut Outlook::default(), &dialogue);
    }

    #[test]
    fn one_change_is_told_once_however_often_it_is_said() {
        let both = News::Network { state: Some(70), primary: Some("/2".to_owned()) };
        let dialogue = [(state(20), DOWN), (way("/1"), None), (both.clone(), UP), (both, None), (state(70), None)];
        assert_tells(&mut Outlook::default(), &dialogue);
    }

    #[test]
    fn when_nobody_knows_any_more_there_may_be_a_network() {
        assert_tells(&mut Outlook::default(), &[(state(20), DOWN), (News::Nothing, UP), (News::Nothing, None)]);
        assert_tells(&mut Outlook::default(), &[(state(70), None), (News::Nothing, None), (state(60), None)]);
        assert_tells(&mut Outlook::default(), &[(state(20), DOWN), (state(0), UP)]);
    }

    #[test]
    fn only_the_end_of_a_sleep_is_told() {
        let dialogue = [(News::Sleep { begins: true }, None), (News::Sleep { begins: false }, Some(Told::Woke))];
        assert_tells(&mut Outlook::default(), &dialogue);
    }
}

//! What rules remember, kept with the events that they remember it of.

use rusqlite::{Connection, params};

use super::RuleMemory;

/// All that is remembered.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<RuleMemory>> {
    let mut statement = conn.prepare("SELECT rule, \"group\", state FROM rule_memories")?;
    let rows = statement.query_map([], |row| {
        let rule: String = row.get(0)?;
        Ok(RuleMemory { rule: rule.into(), group: row.get(1)?, state: Some(row.get(2)?) })
    })?;
    rows.collect()
}

/// Keeps what rules remember now.
pub(super) fn keep(tx: &Connection, memories: &[RuleMemory]) -> rusqlite::Result<()> {
    for RuleMemory { rule, group, state } in memories {
        match state {
            Some(state) => tx
                .prepare_cached(
                    "INSERT INTO rule_memories (rule, \"group\", state) VALUES (?1, ?2, ?3)
                     ON CONFLICT (rule, \"group\") DO UPDATE SET state = excluded.state",
                )?
                .execute(params![&**rule, group, state])?,
            None => tx
                .prepare_cached("DELETE FROM rule_memories WHERE rule = ?1 AND \"group\" = ?2")?
                .execute(params![&**rule, group])?,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::ledger::testing::{Scratch, batch};
    use crate::ledger::{Batch, RuleMemory};

    #[test]
    fn what_a_rule_remembers_lasts_until_it_changes_or_is_forgotten() {
        let scratch = Scratch::new();
        let memory = |group: &str, state: Option<&str>| RuleMemory {
            rule: "r".into(),
            group: group.to_owned(),
            state: state.map(str::to_owned),
        };
        let mut ledger = scratch.ledger();
        for memories in [
            vec![memory("a", Some("1")), memory("b", Some("1"))],
            vec![memory("a", Some("2")), memory("b", None), memory("c", None)],
        ] {
            ledger.commit(vec![Batch { memories, ..batch("s", Vec::new(), None) }]).unwrap();
        }
        drop(ledger);
        assert_eq!(scratch.ledger().memories().unwrap(), [memory("a", Some("2"))]);
    }
}

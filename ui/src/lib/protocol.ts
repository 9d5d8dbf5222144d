// Generated from src-tauri/protocol by `make bindings`. Do not edit.

/**
 * One question to the resident.
 */
export type Call = { "call": "hello", 
/**
 * The client's [`crate::VERSION`].
 */
version: number, } | { "call": "snapshot" } | { "call": "subscribe", 
/**
 * What to push.
 */
topics: Topics, } | { "call": "pause", 
/**
 * Seconds, or until resumed.
 */
seconds: number | null, 
/**
 * Only of this stream; of all without one.
 */
stream: string | null, } | { "call": "resume", 
/**
 * That of this stream; the pause of everything without one.
 */
stream: string | null, } | { "call": "silence", 
/**
 * Which alerts.
 */
matcher: SilenceMatcher, 
/**
 * Seconds; a year at the most.
 */
seconds: number, 
/**
 * Why; may be empty.
 */
comment: string, } | { "call": "unsilence", 
/**
 * Its number.
 */
silence: number, } | { "call": "reconnect", 
/**
 * The stream's name.
 */
stream: string | null, } | { "call": "quit" } | { "call": "open-dashboard", 
/**
 * The alert's number.
 */
alert: number | null, } | { "call": "history", 
/**
 * Which ones.
 */
query: HistoryQuery, } | { "call": "alerts", 
/**
 * Which ones.
 */
query: AlertQuery, } | { "call": "search", 
/**
 * Which ones.
 */
query: HistoryQuery, } | { "call": "tile-history", 
/**
 * Which values.
 */
query: TileHistoryQuery, } | { "call": "last-tiles" } | { "call": "uptime" } | { "call": "connections", 
/**
 * The stream's name.
 */
stream: string, 
/**
 * At most so many; 500 at the most.
 */
limit: number, } | { "call": "why", 
/**
 * The event's number.
 */
seq: number, } | { "call": "mark-read", 
/**
 * Their numbers.
 */
alerts: Array<number>, } | { "call": "mark-read-where", 
/**
 * Which ones.
 */
query: AlertQuery, } | { "call": "acknowledge", 
/**
 * Their numbers.
 */
alerts: Array<number>, } | { "call": "mark-unread", 
/**
 * Their numbers.
 */
alerts: Array<number>, } | { "call": "unacknowledge", 
/**
 * Their numbers.
 */
alerts: Array<number>, } | { "call": "configuration" } | { "call": "save-stream", 
/**
 * The name of the stream to change; a new one without it.
 */
original: string | null, 
/**
 * The stream.
 */
stream: StreamDraft, 
/**
 * A new secret for the keyring; the old one stays without it.
 */
secret: SecretText | null, 
/**
 * Further ones.
 */
secrets?: MoreSecrets, 
/**
 * Its text as it was when it was read: where it is another now, this is refused as a conflict.
 */
base?: string | null, } | { "call": "stream-text", 
/**
 * The name of the stream that it is of; a new one without it.
 */
original: string | null, 
/**
 * The stream.
 */
stream: StreamDraft, } | { "call": "remove-stream", 
/**
 * Its name.
 */
name: string, } | { "call": "sign-in", 
/**
 * The stream's name.
 */
stream: string, } | { "call": "cancel-sign-in", 
/**
 * The stream's name.
 */
stream: string, } | { "call": "watch-stream", 
/**
 * A number for it, chosen by the client.
 */
watch: number, 
/**
 * The name of a stream whose stored secret is used where none is given.
 */
original: string | null, 
/**
 * The stream.
 */
stream: StreamDraft, 
/**
 * The secret to use.
 */
secret: SecretText | null, 
/**
 * Further ones.
 */
secrets?: MoreSecrets, } | { "call": "unwatch-stream", 
/**
 * Its number.
 */
watch: number, } | { "call": "keep-watched", 
/**
 * Its number. Of one that is not there nothing is kept.
 */
watch: number, 
/**
 * The stream's name.
 */
stream: string, } | { "call": "stored-secrets" } | { "call": "forget-secret", 
/**
 * Its [`crate::StoredSecret::account`].
 */
account: string, } | { "call": "start-at-login" } | { "call": "set-start-at-login", 
/**
 * Whether it shall.
 */
enabled: boolean, } | { "call": "start-demo" } | { "call": "diagnosis" } | { "call": "test-stream", 
/**
 * The name of a stream whose stored secret is used where none is given.
 */
original: string | null, 
/**
 * The stream.
 */
stream: StreamDraft, 
/**
 * The secret to use.
 */
secret: SecretText | null, 
/**
 * Further ones.
 */
secrets?: MoreSecrets, } | { "call": "diagnose", 
/**
 * The name of a stream whose stored secret is used where none is given, and whose history is looked at.
 */
original: string | null, 
/**
 * The stream.
 */
stream: StreamDraft, 
/**
 * The secret to use.
 */
secret: SecretText | null, 
/**
 * Further ones.
 */
secrets?: MoreSecrets, 
/**
 * How long to watch, 5 to 300; 15 without it.
 */
seconds: number | null, } | { "call": "presets" } | { "call": "fill-preset", 
/**
 * Which, and what was typed.
 */
choice: PresetChoice, } | { "call": "rule-text", 
/**
 * The name of the rule that it is of; a new one without it.
 */
original: string | null, 
/**
 * The text that a form was made from: its comments stay.
 */
base: string | null, 
/**
 * The draft.
 */
draft: RuleDraft, } | { "call": "draft-rule", 
/**
 * The event's number.
 */
seq: number, } | { "call": "preview-rule", 
/**
 * The name of the rule that it takes the place of; behind all others without it.
 */
original: string | null, 
/**
 * The draft.
 */
draft: RuleDraft, } | { "call": "test-notification", 
/**
 * The draft.
 */
draft: RuleDraft, 
/**
 * The stored event to make it from; by default the newest of the draft's, or a made-up one.
 */
seq: number | null, } | { "call": "save-rule", 
/**
 * The name of the rule to change; a new one without it.
 */
original: string | null, 
/**
 * Its text as it was when it was read: where it is another now, this is refused as a conflict.
 */
base: string | null, 
/**
 * The rule.
 */
draft: RuleDraft, } | { "call": "remove-rule", 
/**
 * Its name.
 */
name: string, } | { "call": "move-rule", 
/**
 * Its name.
 */
name: string, 
/**
 * Its new place, from 0.
 */
to: number, } | { "call": "enable-rule", 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is to be asked.
 */
enabled: boolean, } | { "call": "sounds" } | { "call": "rule-counts" } | { "call": "draft-tile", 
/**
 * The event's number.
 */
seq: number, } | { "call": "save-tile", 
/**
 * The tile to change as it was read; a new one without it. Where there is none such, this is refused as a
 * conflict.
 */
original: TileForm | null, 
/**
 * The tile.
 */
tile: TileForm, } | { "call": "remove-tile", 
/**
 * It, as it was read.
 */
tile: TileForm, } | { "call": "move-tile", 
/**
 * It, as it was read.
 */
tile: TileForm, 
/**
 * Its new place, from 0.
 */
to: number, } | { "call": "save-quiet-hours", 
/**
 * All of them as they were read: where they are others now, this is refused as a conflict.
 */
base: Array<QuietHoursView>, 
/**
 * All of them.
 */
hours: Array<QuietHoursView>, } | { "call": "save-settings", 
/**
 * What is to be changed.
 */
change: SettingsChange, } | { "call": "undo", 
/**
 * The number in [`Answer::Edited`].
 */
edit: number, } | { "call": "export", 
/**
 * Only of these kinds; of all without any.
 */
kinds: Array<ItemKind>, 
/**
 * Only streams and rules of these names, and the tiles of these streams; all without any.
 */
names: Array<string>, 
/**
 * Only these of what kinds and names choose; all without such a list.
 */
items: Array<ItemForm> | null, } | { "call": "import", 
/**
 * The text; 1 MiB at the most.
 */
text: string, 
/**
 * Whether to do it; else it is only told what would be done.
 */
apply: boolean, };

/**
 * What a subscription pushes.
 */
export type Topics = { 
/**
 * Snapshots, when something changed, at most ten a second.
 */
snapshots: boolean, 
/**
 * Batches of events as they are stored, at most ten a second, and alerts that became something else.
 */
events: boolean, 
/**
 * This client is the dashboard: it is asked to come to the front and to show alerts.
 */
dashboard: boolean, };

/**
 * Which stored events.
 */
export type HistoryQuery = { 
/**
 * Only of this stream.
 */
stream: string | null, 
/**
 * Only events of this name (glob).
 */
event: string | null, 
/**
 * Only events that arrived at or after this time, in milliseconds since 1970.
 */
sinceMs: number | null, 
/**
 * Only events that arrived at or before this time, in milliseconds since 1970.
 */
untilMs: number | null, 
/**
 * Only events whose name or data holds this text, whatever its case.
 */
search: string | null, 
/**
 * Only events that a rule fired for.
 */
alerts: boolean, 
/**
 * Only events with a smaller number than this.
 */
before: number | null, 
/**
 * At most so many, the newest; 0 means 200, and 10,000 is the most.
 */
limit: number, };

/**
 * Which alerts.
 */
export type AlertQuery = { 
/**
 * Which of them by what a person did.
 */
show: AlertsShown, 
/**
 * Only of this stream.
 */
stream: string | null, 
/**
 * Only of this rule.
 */
rule: string | null, 
/**
 * Only of this group; an empty one means those without a group.
 */
group: string | null, 
/**
 * Only so loud.
 */
urgency: Urgency | null, 
/**
 * Only those whose title, body, group, rule, stream or event's name holds this text, whatever its case.
 */
search: string | null, 
/**
 * Only of events that arrived at or after this time, in milliseconds since 1970.
 */
sinceMs: number | null, 
/**
 * Only alerts with a smaller number than this.
 */
before: number | null, 
/**
 * Only alerts with a larger number than this; then at most so many, the oldest of them. Newest first all the same.
 */
after: number | null, 
/**
 * At most so many, the newest; 0 means 50, and 500 is the most.
 */
limit: number, };

/**
 * Which alerts by what became of them.
 */
export type AlertsShown = "all" | "unread" | "read" | "acknowledged" | "resolved" | "open";

/**
 * What a search found.
 */
export type Found = { 
/**
 * The events, newest first.
 */
events: Array<StoredEvent>, 
/**
 * Where to go on, as [`crate::HistoryQuery::before`]; `None` where the whole history has been looked through. A
 * page may have few events, or none, and still not be the last: a search stops after a moment, and the text
 * index of what came lately is made meanwhile.
 */
next: number | null, };

/**
 * Which values.
 */
export type TileHistoryQuery = { 
/**
 * The entry of the configuration that makes the tile: [`crate::TileView::feed`].
 */
feed: number, 
/**
 * The tile's stream.
 */
stream: string, 
/**
 * The tile's key.
 */
key: string, 
/**
 * From this time on, in milliseconds since 1970; at the most 30 days are told.
 */
fromMs: number, 
/**
 * Up to this time; now without one.
 */
toMs: number | null, 
/**
 * At most so many points; 0 means 500, and 2,000 is the most.
 */
points: number, };

/**
 * A tile's values over a time.
 */
export type TileHistory = { 
/**
 * The beginning of the time that was asked for.
 */
fromMs: number, 
/**
 * Its end.
 */
toMs: number, 
/**
 * How much time a point stands for.
 */
bucketMs: number, 
/**
 * Oldest first; a time without a value has none.
 */
points: Array<TilePoint>, 
/**
 * The alerts of the stream in that time, newest first, at most 200; with a key only those of its group, or that
 * were made of an event with that key.
 */
alerts: Array<AlertView>, 
/**
 * Whether there are older alerts in that time that are not among them.
 */
moreAlerts: boolean, 
/**
 * When the stream had no connection in that time, oldest first, as far as that is known; what is shorter than a
 * point is left out.
 */
outages: Array<OutageSpan>, 
/**
 * Whether only evenly spread samples of the stored events were read, because there are very many.
 */
sampled: boolean, };

/**
 * The values of a short time.
 */
export type TilePoint = { 
/**
 * When the last of them came.
 */
atMs: number, 
/**
 * The least.
 */
min: number, 
/**
 * The greatest.
 */
max: number, 
/**
 * The last.
 */
last: number, 
/**
 * How many events it is made of.
 */
count: number, };

/**
 * A time without a connection.
 */
export type OutageSpan = { 
/**
 * When it began.
 */
fromMs: number, 
/**
 * When it ended, or the end of what was asked for.
 */
toMs: number, };

/**
 * What has been seen so far; pushed when it changed, at most ten times a second, to who asked only.
 */
export type WatchView = { 
/**
 * The number that the client gave to the watch.
 */
watch: number, 
/**
 * How it stands.
 */
phase: WatchPhase, 
/**
 * The same in plain words, with what to do where that is not well.
 */
message: Text, 
/**
 * Whether this is the last word.
 */
over: boolean, 
/**
 * The status the server answered with.
 */
status: number | null, 
/**
 * `1.1`, `2` …; empty before the answer.
 */
http: string, 
/**
 * Milliseconds to the answer's header.
 */
headerMs: number | null, 
/**
 * Milliseconds to the first event.
 */
firstEventMs: number | null, 
/**
 * All events so far.
 */
total: number, 
/**
 * Their names, in the order in which they came first, at most 100.
 */
names: Array<WatchedName>, 
/**
 * The events since the last push, oldest first, at most 50; data longer than 4 KiB is cut.
 */
events: Array<WatchedEvent>, 
/**
 * How many more came in the same time and were left out here.
 */
omitted: number, };

/**
 * How a watch stands.
 */
export type WatchPhase = "connecting" | "open" | "waiting" | "needs-sign-in" | "not-a-stream" | "refused" | "done";

/**
 * The events of one name.
 */
export type WatchedName = { 
/**
 * The name.
 */
name: string, 
/**
 * How many.
 */
count: number, 
/**
 * The data of the last one, cut at 4 KiB.
 */
sample: string, 
/**
 * What a tile could be made of, the likeliest first; none where no number is named.
 */
tiles: Array<TileGuess>, };

/**
 * An event as it came.
 */
export type WatchedEvent = { 
/**
 * When.
 */
atMs: number, 
/**
 * Its name.
 */
name: string, 
/**
 * Its id; empty without one.
 */
id: string, 
/**
 * Its data.
 */
data: string, };

/**
 * Two places in an event's data that look like a tile.
 */
export type TileGuess = { 
/**
 * The JSON pointer to what names the value.
 */
key: string, 
/**
 * The JSON pointer to the value, a number.
 */
value: string, };

/**
 * What a person may want to know of the program, or to tell of it.
 */
export type Diagnosis = { 
/**
 * A text for a report of a fault: no secret, no address, no event.
 */
text: string, 
/**
 * The program's version.
 */
version: string, 
/**
 * Where its files are.
 */
files: Array<FileView>, };

/**
 * A file or folder of the program.
 */
export type FileView = { 
/**
 * What it is.
 */
kind: FileKind, 
/**
 * Where.
 */
path: string, 
/**
 * Its size in bytes, with what is beside it; `None` where it does not exist.
 */
bytes: number | null, };

/**
 * What a file is.
 */
export type FileKind = "configuration" | "history" | "text-index" | "logs" | "autostart";

/**
 * Whether the program starts when its user signs in.
 */
export type StartAtLogin = { 
/**
 * Whether it does.
 */
enabled: boolean, 
/**
 * Why that cannot be changed here, in one line; empty where it can.
 */
trouble: Text, };

/**
 * That there is a secret in the keyring; never the secret.
 */
export type StoredSecret = { 
/**
 * Its name there.
 */
account: string, 
/**
 * Whose it is.
 */
stream: string, 
/**
 * Whether there is such a stream.
 */
known: boolean, 
/**
 * Which of the stream's.
 */
part: SecretPart, };

/**
 * Which of a stream's secrets.
 */
export type SecretPart = { "part": "main" } | { "part": "header", 
/**
 * The header's name.
 */
name: string, } | { "part": "client-secret" } | { "part": "access-token" } | { "part": "client-cert" };

/**
 * The answer to a [`crate::Call`].
 */
export type Answer = { "answer": "hello", "value": { 
/**
 * The resident's [`crate::VERSION`].
 */
version: number, 
/**
 * The resident's version as a program.
 */
program: string, 
/**
 * Its process id.
 */
pid: number, } } | { "answer": "done" } | { "answer": "snapshot", "value": Snapshot } | { "answer": "history", "value": Array<StoredEvent> } | { "answer": "alerts", "value": Array<AlertView> } | { "answer": "found", "value": Found } | { "answer": "tile-history", "value": TileHistory } | { "answer": "last-tiles", "value": Array<TileView> } | { "answer": "marked", "value": { 
/**
 * How many they were.
 */
count: number, } } | { "answer": "stored-secrets", "value": Array<StoredSecret> } | { "answer": "start-at-login", "value": StartAtLogin } | { "answer": "diagnosis", "value": Diagnosis } | { "answer": "why", "value": WhyView } | { "answer": "uptime", "value": Array<UptimeView> } | { "answer": "connections", "value": Array<ConnectionView> } | { "answer": "silenced", "value": { 
/**
 * The silence's number.
 */
id: number, } } | { "answer": "configuration", "value": Configuration } | { "answer": "stream-text", "value": StreamTextView } | { "answer": "tested", "value": TestReport } | { "answer": "diagnosed", "value": DoctorReport } | { "answer": "presets", "value": Array<PresetView> } | { "answer": "filled-preset", "value": FilledPreset } | { "answer": "edited", "value": { 
/**
 * For [`crate::Call::Undo`]; 0 where there is nothing to take back: nothing changed, or only how the window
 * looks.
 */
undo: number, } } | { "answer": "rule-text", "value": RuleTextView } | { "answer": "rule-form", "value": RuleForm } | { "answer": "preview", "value": PreviewReport } | { "answer": "sounds", "value": Array<string> } | { "answer": "rule-counts", "value": Array<RuleCount> } | { "answer": "tile-form", "value": TileForm } | { "answer": "exported", "value": { 
/**
 * The text.
 */
text: string, } } | { "answer": "imported", "value": ImportReport };

/**
 * What the resident says unasked, to those who subscribed.
 */
export type Push = { "push": "snapshot", "value": Snapshot } | { "push": "events", "value": EventBatch } | { "push": "alerts", "value": Array<AlertView> } | { "push": "present", "value": Spot } | { "push": "watched", "value": WatchView } | { "push": "goodbye" };

/**
 * A place in the dashboard.
 */
export type Spot = { "spot": "anywhere" } | { "spot": "alert", 
/**
 * Its number.
 */
alert: number, } | { "spot": "unread" } | { "spot": "stream", 
/**
 * Its name.
 */
stream: string, };

/**
 * A text for people, in every language. What scripts read of it is its English.
 */
export type Text = { 
/**
 * English.
 */
en: string, 
/**
 * Simplified Chinese.
 */
zh: string, };

/**
 * Why a call was refused; a code exists only where a client acts on it.
 */
export type ErrorCode = "version" | "invalid" | "not-found" | "conflict" | "keyring" | "consent" | "failed";

/**
 * The state of everything; tray, dashboard and command line draw from this one value.
 */
export type Snapshot = { 
/**
 * The resident's version.
 */
version: string, 
/**
 * Its process id.
 */
pid: number, 
/**
 * Whether this is the demo.
 */
demo: boolean, 
/**
 * When this was taken, by the resident's clock.
 */
atMs: number, 
/**
 * Set while notifications are paused.
 */
pause: PauseView | null, 
/**
 * The streams whose notifications are paused.
 */
streamPauses: Array<StreamPauseView>, 
/**
 * What a person silenced, oldest first.
 */
silences: Array<SilenceView>, 
/**
 * How many alerts are unread.
 */
unread: number, 
/**
 * Whether notifications can be shown.
 */
notifications: Health, 
/**
 * Whether the ledger can be written.
 */
ledger: Health, 
/**
 * How often another configuration was put in force since the start: what was read of it before is old.
 */
configurations: number, 
/**
 * Whether the configuration file on disk is the one in force.
 */
configuration: Health, 
/**
 * The streams, in the order of the configuration.
 */
streams: Array<StreamView>, 
/**
 * The tiles, in the order of the configuration, then of their first appearance.
 */
tiles: Array<TileView>, 
/**
 * How many values have no tile because there are too many; 1,000 stands for that many and more.
 */
tilesLeftOut: number, 
/**
 * The newest unread alerts, newest first, at most 20.
 */
alerts: Array<AlertView>, };

/**
 * A pause of notifications.
 */
export type PauseView = { 
/**
 * When it ends; `None` means when resumed.
 */
untilMs: number | null, };

/**
 * A stream whose notifications are paused.
 */
export type StreamPauseView = { 
/**
 * Its name.
 */
stream: string, 
/**
 * When the pause ends; `None` means when resumed.
 */
untilMs: number | null, };

/**
 * Which alerts a silence is about. All that is said must match; each is a glob.
 */
export type SilenceMatcher = { 
/**
 * The stream's name.
 */
stream: string | null, 
/**
 * The rule's name.
 */
rule: string | null, 
/**
 * The group.
 */
group: string | null, 
/**
 * Anywhere in title or body, whatever its case.
 */
text: string | null, };

/**
 * A silence.
 */
export type SilenceView = { 
/**
 * Its number.
 */
id: number, 
/**
 * Which alerts.
 */
matcher: SilenceMatcher, 
/**
 * When it ends.
 */
untilMs: number, 
/**
 * Why; may be empty.
 */
comment: string, 
/**
 * When it was made.
 */
atMs: number, };

/**
 * Quiet hours as they are configured.
 */
export type QuietHoursView = { 
/**
 * The start, as `22:00`.
 */
from: string, 
/**
 * The end.
 */
to: string, 
/**
 * The days on which they start, from 0 for Monday.
 */
days: Array<number>, 
/**
 * Whose time of day; the system's without one.
 */
timeZone: string | null, };

/**
 * Whether a part of the resident works.
 */
export type Health = { "health": "well" } | { "health": "trouble", 
/**
 * The line.
 */
message: Text, };

/**
 * Where a stream is in its life.
 */
export type StreamState = "idle" | "connecting" | "open" | "waiting" | "offline" | "refreshing" | "needs-sign-in" | "ended" | "paused";

/**
 * One stream as it is now.
 */
export type StreamView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its URL, without secrets.
 */
url: string, 
/**
 * Where it is in its life.
 */
state: StreamState, 
/**
 * Why it is there, in plain words; empty when all is well.
 */
message: Text, 
/**
 * The same where it tells of a secret that is missing.
 */
missing: MissingView | null, 
/**
 * Since when it is in this state.
 */
sinceMs: number, 
/**
 * When the next try is made, while it waits or has no network.
 */
retryAtMs: number | null, 
/**
 * Whether it ended as it should: its server has no more to send, and said so.
 */
finished: boolean, 
/**
 * Connections made since the resident started.
 */
connections: number, 
/**
 * Events received since the resident started.
 */
events: number, 
/**
 * Events in the minute before this was taken; none once the last one came longer ago.
 */
eventsPerMinute: number, 
/**
 * Milliseconds from the request of the newest connection to the first byte of its body; `None` while none came.
 */
firstByteMs: number | null, 
/**
 * When the last event arrived.
 */
lastEventAtMs: number | null, 
/**
 * The id the stream resumes after; empty without one.
 */
lastEventId: string, 
/**
 * When the token in use ends, where that is known.
 */
tokenExpiresAtMs: number | null, 
/**
 * When another is fetched, where that is done ahead of its end.
 */
tokenRenewsAtMs: number | null, 
/**
 * Whether it signs in with a code that a person types.
 */
byCode: boolean, 
/**
 * Such a sign-in that is under way, or came to nothing.
 */
signIn: SignInView | null, 
/**
 * Since when it is silent, while it is open and that is longer than usual: its heartbeat is overdue.
 */
quietSinceMs: number | null, 
/**
 * How often since the resident started the server said that it cannot resume as asked.
 */
gaps: number, 
/**
 * The last time.
 */
lastGap: GapView | null, };

/**
 * A live value.
 */
export type TileView = { 
/**
 * Which entry of the configuration's tiles makes it, from 0.
 */
feed: number, 
/**
 * The stream that feeds it.
 */
stream: string, 
/**
 * What it is the value of, for example a symbol.
 */
key: string, 
/**
 * Whether its events tell the key; else it is their name.
 */
keyed: boolean, 
/**
 * What the value is, where the configuration says so: beside the key, or in place of the events' name.
 */
label: string | null, 
/**
 * What stands behind the number, where the configuration says so.
 */
unit: string | null, 
/**
 * The value as the server wrote it.
 */
text: string, 
/**
 * The value as a number, if it is one.
 */
value: number | null, 
/**
 * Change in percent: the server's own if the tile names a field for it, else against its first
 * value of the local day; none for a value of another day.
 */
changePct: number | null, 
/**
 * The same change in the value's own unit, also from zero; none where the server's own percentage does not tell it.
 */
change: number | null, 
/**
 * Against the value before.
 */
trend: Trend, 
/**
 * When it came.
 */
atMs: number, 
/**
 * Recent values, oldest first, at most 120; null where the stream was not connected between two of them.
 */
spark: Array<number | null>, };

/**
 * Which way a value went.
 */
export type Trend = "up" | "down" | "flat";

/**
 * How loud an alert is.
 */
export type Urgency = "none" | "low" | "normal" | "critical";

/**
 * What became of an alert.
 */
export type AlertState = "pending" | "shown" | "suppressed";

/**
 * Why an alert was not shown.
 */
export type AlertReason = "" | "throttled" | "quiet-hours" | "paused" | "grouped" | "expired" | "resolved" | "silenced" | "stored-only";

/**
 * What a person did about an alert.
 */
export type AlertAnswer = "" | "acknowledged" | "opened" | "followed-link" | "copied" | "muted";

/**
 * The record that a rule fired for an event.
 */
export type AlertView = { 
/**
 * Its number, rising.
 */
id: number, 
/**
 * The number of the event it was made from.
 */
seq: number, 
/**
 * When the event arrived.
 */
atMs: number, 
/**
 * The event's stream.
 */
stream: string, 
/**
 * The event's name.
 */
event: string, 
/**
 * The rule that fired.
 */
rule: string, 
/**
 * What the notification says first.
 */
title: string, 
/**
 * What it says then.
 */
body: string, 
/**
 * How loud.
 */
urgency: Urgency, 
/**
 * The group whose notification it replaces; empty without one.
 */
group: string, 
/**
 * An http or https address; empty without one.
 */
link: string, 
/**
 * What became of it.
 */
state: AlertState, 
/**
 * Why it was suppressed; else empty.
 */
reason: AlertReason, 
/**
 * Whether the person has read it.
 */
read: boolean, 
/**
 * When it was on screen first.
 */
shownAtMs: number | null, 
/**
 * When what it tells of was over.
 */
resolvedAtMs: number | null, 
/**
 * What its button copies; empty for title and body.
 */
value: string, 
/**
 * What the person answered; else empty.
 */
answer: AlertAnswer, 
/**
 * When.
 */
answeredAtMs: number | null, };

/**
 * Events that may be missing, as the server itself says.
 */
export type GapView = { 
/**
 * When it said so.
 */
atMs: number, 
/**
 * The id that they would have come after.
 */
after: string, };

/**
 * An event in the ledger, or, in a batch, one that only passes by.
 */
export type StoredEvent = { 
/**
 * Its number, rising, from 1; 0 for an event that is not stored: all that is known of it is here.
 */
seq: number, 
/**
 * When it arrived.
 */
atMs: number, 
/**
 * Its stream.
 */
stream: string, 
/**
 * Its name.
 */
event: string, 
/**
 * Its id; empty without one.
 */
id: string, 
/**
 * Its data.
 */
data: string, 
/**
 * The alerts that rules made of it.
 */
alerts: Array<AlertView>, };

/**
 * Events as they came, at most 200.
 */
export type EventBatch = { 
/**
 * The events, oldest first; data longer than 4 KiB is cut.
 */
events: Array<StoredEvent>, 
/**
 * How many more came in the same time and were left out here. Those that are stored are in the ledger.
 */
omitted: number, };

/**
 * How well a stream has been connected in the last 24 hours.
 */
export type UptimeView = { 
/**
 * The stream.
 */
stream: string, 
/**
 * The part of the time with a connection, 0 to 1, of the time in which Streambell ran and the machine was awake;
 * `None` where there was none.
 */
share: number | null, 
/**
 * The same for each quarter of an hour, oldest first; the last one, which has [`UptimeView::at_ms`] in it, is
 * under way. Rounded to hundredths, but never up to 1.
 */
segments: Array<number | null>, 
/**
 * Since when it has been watched; `None` where that is as long as 24 hours, or not at all.
 */
knownSinceMs: number | null, 
/**
 * When this was taken.
 */
atMs: number, 
/**
 * Since when there is a connection; `None` while there is none.
 */
connectedSinceMs: number | null, 
/**
 * The connection that ended last, or the tries that came to nothing last.
 */
last: ConnectionView | null, };

/**
 * A connection; or tries in a row that came to nothing for one reason.
 */
export type ConnectionView = { 
/**
 * When it was asked for; of tries in a row, the first.
 */
startMs: number, 
/**
 * When it ended; of tries in a row, the last. `None` while it is open, and where that is not known (`killed`).
 */
endMs: number | null, 
/**
 * Why it ended.
 */
cause: ConnectionEnd, 
/**
 * The same in one line; may be empty.
 */
message: Text, 
/**
 * The same where it tells of a secret that was missing.
 */
missing: MissingView | null, 
/**
 * How many tries; 1 for a connection.
 */
tries: number, 
/**
 * The status the server answered with, if it did.
 */
status: number | null, 
/**
 * `1.1`, `2` …; empty where it never opened.
 */
http: string, 
/**
 * How long the answer's header took.
 */
headerMs: number | null, 
/**
 * How long the first byte of the body took, counted from the request.
 */
firstByteMs: number | null, 
/**
 * How long it was open, without the time the machine slept; `None` where it never was.
 */
openMs: number | null, 
/**
 * Bytes of the body, decompressed.
 */
bytes: number, 
/**
 * Events.
 */
events: number, };

/**
 * Why a connection ended.
 */
export type ConnectionEnd = "open" | "end-of-stream" | "network" | "tls" | "idle" | "status" | "no-content" | "content-type" | "redirect" | "unauthorized" | "bad-url" | "offline" | "reconnect" | "stopped" | "killed";

/**
 * All that is configured.
 */
export type Configuration = { 
/**
 * The configuration file.
 */
file: string, 
/**
 * The streams, in order.
 */
streams: Array<StreamForm>, 
/**
 * The rules, in order.
 */
rules: Array<RuleView>, 
/**
 * The quiet hours, in order.
 */
quietHours: Array<QuietHoursView>, 
/**
 * The tiles, in order.
 */
tiles: Array<TileForm>, 
/**
 * What holds for everything.
 */
settings: SettingsForm, 
/**
 * The presets that a rule can begin with.
 */
rulePresets: Array<string>, };

/**
 * A rule as it is configured.
 */
export type RuleView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its stream; every stream without one.
 */
stream: string | null, 
/**
 * Its event name globs.
 */
events: Array<string>, 
/**
 * What it asks of an event, about as it is configured; empty where every one is told.
 */
when: Text, 
/**
 * Whether it is asked at all.
 */
enabled: boolean, 
/**
 * How loud.
 */
urgency: Urgency, 
/**
 * What it says itself, for editing.
 */
form: RuleForm, 
/**
 * The same as it is written, with the comment right above it.
 */
text: string, };

/**
 * How rules judge an event, and what became of its alerts.
 */
export type WhyView = { 
/**
 * How the rules in force judge it, in their order; none where the event itself is not stored.
 */
rules: Array<RuleTrace>, 
/**
 * The rules that judge it otherwise now than when it came.
 */
rulesChanged: Array<string>, 
/**
 * The alerts that were made of it when it came.
 */
alerts: Array<AlertView>, 
/**
 * What those of them wait for that are still to be shown.
 */
waiting: Array<WaitingView>, };

/**
 * What an alert waits for before it is shown.
 */
export type WaitingView = { 
/**
 * The alert.
 */
alert: number, 
/**
 * What is awaited.
 */
awaits: Awaited, 
/**
 * For a turn: when that is, in milliseconds since 1970.
 */
untilMs: number | null, 
/**
 * For a daemon: why the alert could not be shown, in one line.
 */
message: Text, };

/**
 * What an alert waits for.
 */
export type Awaited = "turn" | "desktop" | "daemon";

/**
 * How one rule judges an event.
 */
export type RuleTrace = { 
/**
 * The rule.
 */
rule: string, 
/**
 * What comes of it.
 */
verdict: RuleVerdict, 
/**
 * The rule that keeps the event from this one, where that is [`RuleVerdict::Stopped`].
 */
stoppedBy: string | null, 
/**
 * The conditions that were asked, in order.
 */
checks: Array<RuleCheck>, };

/**
 * What comes of an event for a rule.
 */
export type RuleVerdict = "off" | "muted" | "stopped" | "unmatched" | "ignored" | "quiet" | "fired" | "resolved" | "failed";

/**
 * A condition and how it went.
 */
export type RuleCheck = { 
/**
 * The condition, about as it is configured.
 */
condition: Text, 
/**
 * The values that it was decided by.
 */
value: Text, 
/**
 * Whether it holds.
 */
holds: boolean, };

/**
 * Whether the dashboard's window hears the resident; sent to the page by the dashboard's process itself.
 */
export type Link = { "link": "connected" } | { "link": "lost", 
/**
 * Why, in one line.
 */
message: Text, };

/**
 * One stream of the configuration.
 */
export type StreamForm = { 
/**
 * Its name, unique.
 */
name: string, 
/**
 * Its http or https address.
 */
url: string, 
/**
 * Whether it is to be connected.
 */
enabled: boolean, 
/**
 * How it signs in.
 */
auth: AuthForm, 
/**
 * What [`AuthKind::Oauth2`] needs besides; empty for the others.
 */
oauth2: OAuth2Form, 
/**
 * Where a new token comes from; empty without one.
 */
refreshUrl: string, 
/**
 * The JSON pointer to the new token in the refresh answer.
 */
refreshTokenPointer: string, 
/**
 * Plain headers, in order.
 */
headers: Array<[string, string]>, 
/**
 * Headers whose value is a secret, and where it comes from.
 */
secretHeaders: Array<[string, SecretPlace]>, 
/**
 * Seconds without a byte after which the connection counts as dead; 0 turns that off.
 */
idleTimeoutS: number, 
/**
 * How it resumes.
 */
resume: ResumeForm, 
/**
 * What is stored.
 */
store: StoreForm, 
/**
 * How it gets to its server.
 */
connection: ConnectionForm, 
/**
 * How it is asked for and read, where that is not the usual way.
 */
request: RequestForm, 
/**
 * The preset that a new stream is made from: what the form does not show is as there. Of a configured stream
 * never set.
 */
preset?: PresetChoice | null, 
/**
 * The text that a person wrote before this form was made of it: what the form does not show is as there. Of a
 * configured stream never set.
 */
written?: string | null, };

/**
 * A stream that is being written: field by field, or as the TOML of one `[[stream]]` with its comments.
 */
export type StreamDraft = string | StreamForm;

/**
 * A stream that is being written, as text and as form.
 */
export type StreamTextView = { 
/**
 * The TOML of one `[[stream]]`. The places of the faults are in it.
 */
text: string, 
/**
 * The same field by field; `null` where the text is at fault.
 */
form: StreamForm | null, 
/**
 * What is wrong with it, in order of lines; none where it can be saved.
 */
faults: Array<Fault>, 
/**
 * How the stream is written in the file now; `null` for a new one.
 */
base: string | null, };

/**
 * Secrets that were typed for a stream, beside the one it signs in with. Each goes into the keyring.
 */
export type MoreSecrets = { 
/**
 * Those of headers, by name.
 */
headers: Array<[string, SecretText]>, 
/**
 * That of the OAuth 2 client, beside a refresh token.
 */
clientSecret: SecretText | null, 
/**
 * The password of the client certificate.
 */
clientCert: SecretText | null, };

/**
 * Where a secret comes from, and the variable, file or program.
 */
export type SecretPlace = { 
/**
 * What it comes from.
 */
source: SecretSource, 
/**
 * The name of the variable, the path of the file, or the program and its arguments, a line each; empty for the
 * keyring.
 */
place: string, };

/**
 * How a stream signs in.
 */
export type AuthForm = { 
/**
 * The kind.
 */
kind: AuthKind, 
/**
 * The user of `basic`, the name of `header`, `query` or `cookie`; empty for the others.
 */
name: string, 
/**
 * Where the secret comes from.
 */
source: SecretSource, 
/**
 * The name of the variable, the path of the file, or the program and its arguments, a line each; empty for the
 * keyring.
 */
place: string, 
/**
 * The value of the `query` parameter, with `{secret}` for the secret; empty for the secret alone.
 */
template: string, };

/**
 * The kinds of signing in.
 */
export type AuthKind = "none" | "bearer" | "basic" | "header" | "query" | "cookie" | "oauth2";

/**
 * What a stream gets its tokens with.
 */
export type OAuth2Form = { 
/**
 * On what ground tokens are given.
 */
grant: GrantForm, 
/**
 * Where tokens are asked for.
 */
tokenUrl: string, 
/**
 * Where a code is asked for with [`GrantForm::Device`], else empty.
 */
deviceUrl: string, 
/**
 * This program's name at the authorization server.
 */
clientId: string, 
/**
 * What is asked for, parted by spaces; may be empty.
 */
scope: string, 
/**
 * Whom the token is for; may be empty.
 */
audience: string, 
/**
 * Whether the client says who it is in the request's body, not in its header.
 */
inBody: boolean, 
/**
 * Where the client's own secret comes from, where there is one beside a refresh token.
 */
clientSecret: SecretPlace | null, };

/**
 * On what ground an authorization server gives tokens.
 */
export type GrantForm = "device" | "refresh-token" | "client-credentials";

/**
 * How a stream gets to its server, beyond its address.
 */
export type ConnectionForm = { 
/**
 * SHA-256 fingerprints of the certificates that alone are accepted.
 */
pinSha256: Array<string>, 
/**
 * The file of a client certificate; empty without one.
 */
clientCert: string, 
/**
 * Where that file's password comes from; the empty password without it.
 */
clientCertPassword: SecretPlace | null, 
/**
 * A Unix-domain socket; empty without one.
 */
unixSocket: string, 
/**
 * Whether the server may compress.
 */
compression: boolean, };

/**
 * How a stream is asked for and read, where that is not the usual way.
 */
export type RequestForm = { 
/**
 * The request's method.
 */
method: string, 
/**
 * The request's body, sent again at each reconnect; empty without one.
 */
body: string, 
/**
 * Milliseconds before it connects anew, until the server names a time; an hour at the most.
 */
retryMs: number, 
/**
 * Names or globs of events that never move the position it resumes from.
 */
ignore: Array<string>, 
/**
 * Whether redirects to another origin are followed.
 */
redirects: boolean, 
/**
 * Hosts (globs) to which redirects are followed with all that the stream's own server gets; none without any.
 */
trust: Array<string>, 
/**
 * An event larger than this, in bytes, is skipped: 1 KiB to 256 MiB.
 */
maxEvent: number, 
/**
 * Whether any status but 200 ends it, as the HTML Standard says.
 */
strict: boolean, 
/**
 * Whether it keeps to HTTP/1.1.
 */
http1: boolean, 
/**
 * Whether credentials may go over plain http to another machine.
 */
insecure: boolean, 
/**
 * Whether rules look at its events.
 */
notify: boolean, 
/**
 * A file of certificates to trust besides the system's; empty without one.
 */
caCert: string, 
/**
 * The address of a proxy; empty for the system's.
 */
proxy: string, 
/**
 * When a person is told that it has no connection; as for all streams without it.
 */
outage: OutageForm | null, };

/**
 * Where it is. Never a token: those stay with the resident.
 */
export type SignInView = { "step": "asking" } | { "step": "code", 
/**
 * The code.
 */
code: string, 
/**
 * The page to type it on, http or https.
 */
url: string, 
/**
 * The same page with the code in it, where there is one.
 */
completeUrl: string | null, 
/**
 * Until when it can be typed.
 */
expiresAtMs: number, } | { "step": "failed", 
/**
 * Why, in one line.
 */
message: Text, };

/**
 * A secret that is missing, as a window says it: with its own button instead of the command.
 */
export type MissingView = { 
/**
 * What is missing, without what to do.
 */
cause: Text, 
/**
 * What brings it.
 */
remedy: Remedy, };

/**
 * What brings a secret that is missing.
 */
export type Remedy = "sign-in" | "edit";

/**
 * Where a secret comes from.
 */
export type SecretSource = "keyring" | "env" | "file" | "command";

/**
 * A secret on its way from the form to the keyring; `Debug` never shows it.
 */
export type SecretText = string;

/**
 * How a stream resumes.
 */
export type ResumeForm = { 
/**
 * Where the cursor comes from.
 */
from: ResumeFrom, 
/**
 * The JSON pointer for [`ResumeFrom::Pointer`], else empty.
 */
pointer: string, 
/**
 * How it is sent.
 */
send: ResumeSend, 
/**
 * The parameter's name for [`ResumeSend::Query`], else empty.
 */
parameter: string, };

/**
 * Where the cursor comes from.
 */
export type ResumeFrom = "id" | "pointer" | "none";

/**
 * How the cursor is sent.
 */
export type ResumeSend = "header" | "query" | "none";

/**
 * What of a stream is stored.
 */
export type StoreForm = "all" | "alerts" | "none";

/**
 * How a trial connection went.
 */
export type TestReport = { 
/**
 * Whether the server answered with an event stream.
 */
ok: boolean, 
/**
 * In plain words, with what to do where it did not.
 */
message: Text, 
/**
 * The status the server answered with.
 */
status: number | null, 
/**
 * Milliseconds to the answer's header.
 */
headerMs: number | null, 
/**
 * Events that came within the trial.
 */
events: number, };

/**
 * What is wrong between here and a server, and what was measured.
 */
export type DoctorReport = { 
/**
 * The address that was asked, its secrets replaced by `***`.
 */
url: string, 
/**
 * How it is, in a word.
 */
verdict: Verdict, 
/**
 * How it is, in one line.
 */
summary: Text, 
/**
 * What is wrong, or may go wrong: what does harm now first. Empty where all is well.
 */
findings: Array<Finding>, 
/**
 * What was measured.
 */
figures: Figures, 
/**
 * The servers and proxies that gave themselves away, as `nginx 1.22.1`; the nearest first.
 */
servers: Array<string>, 
/**
 * What could not be found out, and how to find it out; a line each.
 */
notes: Array<Text>, };

/**
 * How a stream is.
 */
export type Verdict = "healthy" | "findings" | "unreachable";

/**
 * One thing that is wrong.
 */
export type Finding = { 
/**
 * Which one.
 */
code: FindingCode, 
/**
 * Whether it does harm now.
 */
weight: Weight, 
/**
 * What is wrong, in one line.
 */
title: Text, 
/**
 * What was seen, in one or two sentences with numbers.
 */
evidence: Text, 
/**
 * The numbers of the evidence by name, for programs. Times end in `_ms` or `_s`.
 */
numbers: { [key in string]: number }, 
/**
 * How sure it is.
 */
certainty: Certainty, 
/**
 * What to do, for each server or proxy that was recognised; never empty.
 */
mends: Array<Mend>, };

/**
 * What can be wrong.
 */
export type FindingCode = "unreachable" | "certificate-expired" | "certificate-name" | "certificate-self-signed" | "certificate-authority" | "tls" | "certificate-ends" | "redirect-loop" | "redirect" | "login-page" | "unauthorized" | "forbidden" | "scope" | "token-expired" | "token-ends" | "token-in-url" | "not-found" | "status" | "content-type-missing" | "content-type-wrong" | "compressed" | "cacheable" | "buffered" | "accel-buffering" | "first-byte-late" | "cut-by-age" | "cut-by-silence" | "cut" | "no-heartbeat" | "http10" | "connection-close" | "http2" | "no-ids" | "resume-ignored" | "resume-repeats" | "retry-small" | "clock" | "ipv6" | "proxy";

/**
 * Whether a finding does harm now.
 */
export type Weight = "problem" | "risk";

/**
 * How sure a finding is.
 */
export type Certainty = "certain" | "likely" | "possible";

/**
 * What to do about a finding.
 */
export type Mend = { 
/**
 * Where, as `nginx` or `Node`; empty where it is the same everywhere.
 */
product: string, 
/**
 * What to do, in one line.
 */
words: Text, 
/**
 * What to paste there; may be empty, may have lines.
 */
paste: string, };

/**
 * What was measured; what could not be is `null`.
 */
export type Figures = { 
/**
 * The status of the answer.
 */
status: number | null, 
/**
 * `1.1`, `2` …
 */
http: string | null, 
/**
 * Milliseconds from the request to the answer's header, connecting included.
 */
headerMs: number | null, 
/**
 * Milliseconds from the request to the body's first byte.
 */
firstByteMs: number | null, 
/**
 * How long the stream was watched.
 */
watchedMs: number, 
/**
 * Connections that were opened while watching; more than one where it was cut.
 */
connections: number, 
/**
 * Events that came.
 */
events: number, 
/**
 * Events a second.
 */
eventsPerSecond: number, 
/**
 * Seconds between comments, where the server sends them as a heartbeat.
 */
heartbeatS: number | null, 
/**
 * The longest time without a byte, in seconds.
 */
longestSilenceS: number, 
/**
 * How many events have an id.
 */
ids: IdsFigure, 
/**
 * What the server did when it was asked to resume.
 */
resume: ResumeFigure, 
/**
 * The reconnection time that the server names, in milliseconds.
 */
retryMs: number | null, 
/**
 * Days until the certificate ends; negative where it has.
 */
certificateDays: number | null, 
/**
 * How far the server's clock is ahead, in seconds; it is known to the second.
 */
clockS: number | null, };

/**
 * How many events have an id.
 */
export type IdsFigure = "unknown" | "none" | "some" | "all";

/**
 * What the server did when it was asked to resume after an id.
 */
export type ResumeFigure = "not-tried" | "unknown" | "works" | "ignored" | "repeats";

/**
 * A kind of server that people run.
 */
export type PresetView = { 
/**
 * What it is called in [`PresetChoice`] and on the command line, such as `ntfy`.
 */
key: string, 
/**
 * Its own name, such as `ntfy` or `Home Assistant`.
 */
name: Text, 
/**
 * One or two sentences for who runs such a server: what to set up there, what to expect.
 */
help: Text, 
/**
 * The server's own documentation of this; an https address.
 */
docs: string, 
/**
 * What it asks for, in order.
 */
fields: Array<PresetField>, 
/**
 * How such servers let people in, the usual first; never empty.
 */
auth: Array<AuthForm>, 
/**
 * What it makes of the examples of its fields: to show beforehand, and to pick an authentication from.
 */
example: FilledPreset, };

/**
 * One thing that a preset asks for.
 */
export type PresetField = { 
/**
 * Its name in [`PresetChoice::values`], such as `host` or `topic`.
 */
key: string, 
/**
 * What it is, in a few words, such as `Topic, or several with commas`.
 */
label: Text, 
/**
 * What may be typed, such as `alerts`.
 */
example: string, 
/**
 * What stands in for nothing typed; empty where something must be typed.
 */
default: string, };

/**
 * A preset with what was typed.
 */
export type PresetChoice = { 
/**
 * The preset's key.
 */
key: string, 
/**
 * What was typed, by the field's key; `name` is the stream's name, for it and its rules (the preset's key without
 * it).
 */
values: { [key in string]: string }, };

/**
 * What a preset makes of what was typed.
 */
export type FilledPreset = { 
/**
 * The stream, with [`StreamForm::preset`] set, so that it is saved with what the form does not show.
 */
stream: StreamForm, 
/**
 * Rules that are suggested for it: each the TOML of one `[[rule]]`.
 */
rules: Array<string>, 
/**
 * Tiles that are suggested for it: each the TOML of one `[[tile]]`.
 */
tiles: Array<string>, };

/**
 * A rule that is being written.
 */
export type RuleDraft = { "draft": "form", "value": RuleForm } | { "draft": "text", "value": string };

/**
 * All that a rule says itself. What is `null` or empty is not said: its preset's word holds, or the default.
 *
 * Durations, times of day and throttles are written as in the file (`10m`, `03:30`, `5 per 1m`), so that what is wrong
 * with them is told in the same words.
 */
export type RuleForm = { 
/**
 * Its name, unique.
 */
name: string, 
/**
 * Whether it is asked at all.
 */
enabled: boolean, 
/**
 * What it begins with: one of [`Configuration::rule_presets`](crate::Configuration::rule_presets).
 */
preset: string | null, 
/**
 * Names or globs of streams; every stream without any.
 */
streams: Array<string>, 
/**
 * Globs of event names; every event without any.
 */
events: Array<string>, 
/**
 * What fields of the data must be (`match`), in order.
 */
fields: Array<FieldForm>, 
/**
 * Pieces of text, one of which must be in the data; one with `*` is a pattern for all of it.
 */
text: Array<string>, 
/**
 * An expression that must be true.
 */
when: string | null, 
/**
 * What makes it fire, of the events for which all that holds.
 */
trigger: TriggerForm, 
/**
 * For so long it rests after it fired, for the same group.
 */
cooldown: string | null, 
/**
 * Whether later rules do not see what matches.
 */
stop: boolean, 
/**
 * Whether it makes nothing of what matches, and later rules do not see it. Such a rule says no more but what
 * matches.
 */
ignore: boolean, 
/**
 * An expression; an event for which it is true resolves the alerts of its group.
 */
resolvedWhen: string | null, 
/**
 * A template: what takes the place of a resolved alert's notification.
 */
resolved: string | null, 
/**
 * The rules whose alerts of the same group are resolved when this one fires.
 */
resolves: Array<string>, 
/**
 * A template; by default the event's name.
 */
title: string | null, 
/**
 * A template; by default the event's data.
 */
body: string | null, 
/**
 * `none`, `low`, `normal`, `critical`, or a template for one of these words.
 */
urgency: string | null, 
/**
 * A template; a newer alert of the same group replaces the notification of the one before.
 */
group: string | null, 
/**
 * A template for an http or https address.
 */
link: string | null, 
/**
 * `5 per 1m`, or `off`.
 */
throttle: string | null, 
/**
 * Whether it is shown in quiet hours too.
 */
quietHours: QuietRule | null, 
/**
 * So long after its event it is not shown any more.
 */
expires: string | null, 
/**
 * A name of the desktop's sound theme, a file, or `none`.
 */
sound: string | null, 
/**
 * A name of the desktop's icon theme, a file, or a template for a name.
 */
icon: string | null, 
/**
 * How long it is on screen: a duration, `never` or `default`.
 */
timeout: string | null, 
/**
 * The buttons, in order; by default the dashboard's and the link's.
 */
buttons: Array<ButtonForm> | null, 
/**
 * A program and its arguments. Refused unless programs are allowed; a person is asked about each.
 */
run: Array<string>, };

/**
 * What a field of an event's data must be.
 */
export type FieldForm = { 
/**
 * The JSON pointer to it.
 */
pointer: string, 
/**
 * One of these must hold.
 */
tests: Array<TestForm>, };

/**
 * What a field must be: `"BTC"`, `"B*"`, `"> 100"`, `3`, `true`.
 */
export type TestForm = boolean | number | string;

/**
 * What makes a rule fire.
 */
export type TriggerForm = { "trigger": "each" } | { "trigger": "crosses", 
/**
 * The JSON pointer to it.
 */
value: string, 
/**
 * Which side is beyond.
 */
side: SideForm, 
/**
 * The threshold.
 */
threshold: number, 
/**
 * Where the value has to be back at; by default the threshold.
 */
rearm: number | null, } | { "trigger": "change", 
/**
 * The JSON pointer to it.
 */
value: string, 
/**
 * `-3%` falls, `+3%` rises, `3%` either.
 */
by: string, 
/**
 * The window.
 */
within: string, 
/**
 * What counts as recovered; by default half of `by`.
 */
rearm: string | null, } | { "trigger": "expect-within", 
/**
 * How long.
 */
within: string, } | { "trigger": "expect-by", 
/**
 * The time, as `03:30`.
 */
by: string, 
/**
 * Only events since then count.
 */
from: string | null, 
/**
 * On which days, from 0 for Monday; every day without any.
 */
days: Array<number>, 
/**
 * Whose time of day; the system's without one.
 */
timeZone: string | null, };

/**
 * A side of a threshold.
 */
export type SideForm = "above" | "below";

/**
 * What a rule does in quiet hours.
 */
export type QuietRule = "hold" | "pass";

/**
 * A button of a notification.
 */
export type ButtonForm = { 
/**
 * What it does.
 */
kind: ButtonKind, 
/**
 * What it says; by default what it does.
 */
label: string | null, 
/**
 * A template for what [`ButtonKind::CopyValue`] copies; by default title and body.
 */
value: string | null, 
/**
 * For how long [`ButtonKind::MuteRule`] silences; by default an hour.
 */
length: string | null, };

/**
 * What a button does.
 */
export type ButtonKind = "open-link" | "open-dashboard" | "copy-value" | "mute-rule" | "acknowledge";

/**
 * What is wrong with a text, and where.
 */
export type Fault = { 
/**
 * From 1, in the text it is about; 0 where it has no place there.
 */
line: number, 
/**
 * From 1, in characters; 0 where it has no place.
 */
column: number, 
/**
 * The key of the file that it is about, such as `title` or `quiet_hours`, where it is about one.
 */
field: string | null, 
/**
 * What is wrong, and what would be right.
 */
message: Text, };

/**
 * A draft as text and as form.
 */
export type RuleTextView = { 
/**
 * The TOML of one `[[rule]]`. The places of the faults are in it.
 */
text: string, 
/**
 * The same field by field; `null` where the text is no TOML of one rule.
 */
form: RuleForm | null, 
/**
 * What is wrong with it, in order of lines; none where it can be saved.
 */
faults: Array<Fault>, };

/**
 * What a draft would have done with stored events. Nothing of it happens.
 */
export type PreviewReport = { 
/**
 * The TOML that the places of the faults are in.
 */
text: string, 
/**
 * What is wrong with the draft; then nothing was tried.
 */
faults: Array<Fault>, 
/**
 * The last events of the draft's streams and event names, newest first, at most 100.
 */
events: Array<PreviewEvent>, 
/**
 * Alerts that tell that no event came, newest first, at most 100.
 */
absences: Array<PreviewAlert>, 
/**
 * How many notifications there would have been for those; several alerts may share one.
 */
shown: number, 
/**
 * How many events of the draft's streams and names were tried, to know what the rule would remember. What is
 * listed is the end of them.
 */
tried: number, 
/**
 * Whether the time ran out before all were found.
 */
cut: boolean, };

/**
 * A stored event, and what a draft would have made of it.
 */
export type PreviewEvent = { 
/**
 * Its number.
 */
seq: number, 
/**
 * When it arrived.
 */
atMs: number, 
/**
 * Its stream.
 */
stream: string, 
/**
 * Its name.
 */
event: string, 
/**
 * Its data; cut at 1 KiB.
 */
data: string, 
/**
 * What comes of it.
 */
verdict: RuleVerdict, 
/**
 * The rule that keeps the event from this one, where that is [`RuleVerdict::Stopped`].
 */
stoppedBy: string | null, 
/**
 * The conditions that were asked, in order.
 */
checks: Array<RuleCheck>, 
/**
 * The alert that would have been made.
 */
alert: PreviewAlert | null, };

/**
 * An alert that would have been made.
 */
export type PreviewAlert = { 
/**
 * When its event arrived, or should have.
 */
atMs: number, 
/**
 * What the notification says first.
 */
title: string, 
/**
 * What it says then.
 */
body: string, 
/**
 * How loud.
 */
urgency: Urgency, 
/**
 * Its group; empty without one.
 */
group: string, 
/**
 * An http or https address; empty without one.
 */
link: string, 
/**
 * Whether it would have been shown, by itself or in a summary.
 */
shown: boolean, 
/**
 * Why not, as in [`AlertView::reason`](crate::AlertView::reason), else empty.
 */
reason: AlertReason, };

/**
 * How often a rule fired in the last 7 days.
 */
export type RuleCount = { 
/**
 * The rule; also one that is not configured any more.
 */
rule: string, 
/**
 * How many alerts it made.
 */
fired: number, 
/**
 * How many of them were on screen.
 */
shown: number, 
/**
 * When it fired last.
 */
lastAtMs: number, };

/**
 * All that a tile says itself; `null` stands for the default.
 */
export type TileForm = { 
/**
 * The stream that feeds it; every stream without one.
 */
stream: string | null, 
/**
 * The event's name; `price-update` by default.
 */
event: string | null, 
/**
 * The JSON pointer to what the value is of; `/symbol` by default.
 */
key: string | null, 
/**
 * The JSON pointer to the value; `/price` by default.
 */
value: string | null, 
/**
 * The JSON pointer to the change in percent, where the server sends it.
 */
change: string | null, 
/**
 * What stands behind the number, such as `°C`; at most 12 characters.
 */
unit: string | null, 
/**
 * What the value is; at most 60 characters.
 */
label: string | null, };

/**
 * What holds for everything, with every default filled in.
 */
export type SettingsForm = { 
/**
 * The language of the tray and of notifications.
 */
language: LanguageForm, 
/**
 * How long a notification of low urgency stays on screen.
 */
timeoutLow: TimeoutForm, 
/**
 * One of normal urgency.
 */
timeoutNormal: TimeoutForm, 
/**
 * A critical one.
 */
timeoutCritical: TimeoutForm, 
/**
 * At most one sound in so long; 0 for no limit.
 */
soundGapMs: number, 
/**
 * How long an event is kept, in seconds.
 */
maxAgeS: number, 
/**
 * How many events are kept.
 */
maxEvents: number, 
/**
 * When a person is told that a stream has no connection.
 */
outage: OutageForm, 
/**
 * Whether rules may start programs, and the dashboard brings streams that get a secret from one.
 */
allowCommands: boolean, 
/**
 * Whether anything may be heard.
 */
sounds: boolean, 
/**
 * How the window looks.
 */
dashboard: DashboardForm, };

/**
 * A language.
 */
export type LanguageForm = "system" | "en" | "zh";

/**
 * What of the settings is to be changed; `null` stays as it is.
 */
export type SettingsChange = { 
/**
 * The language of the tray and of notifications.
 */
language: LanguageForm | null, 
/**
 * How long a notification of low urgency stays on screen: 1 s to 24 h.
 */
timeoutLow: TimeoutForm | null, 
/**
 * One of normal urgency.
 */
timeoutNormal: TimeoutForm | null, 
/**
 * A critical one.
 */
timeoutCritical: TimeoutForm | null, 
/**
 * At most one sound in so long; 0 for no limit, an hour at the most.
 */
soundGapMs: number | null, 
/**
 * How long an event is kept, in seconds: 1 s to 10 years.
 */
maxAgeS: number | null, 
/**
 * How many events are kept: 1 to 100,000,000.
 */
maxEvents: number | null, 
/**
 * When a person is told that a stream has no connection: 1 s to 7 days.
 */
outage: OutageForm | null, 
/**
 * Whether rules may start programs, and the dashboard brings streams that get a secret from one. Only a person
 * can allow it, and nobody forbid it while a rule starts one.
 */
allowCommands: boolean | null, 
/**
 * Whether anything may be heard.
 */
sounds: boolean | null, 
/**
 * Whether the window is light or dark.
 */
theme: ThemeForm | null, 
/**
 * The colour of a rise.
 */
rise: RiseForm | null, 
/**
 * In which order tiles stand.
 */
tileOrder: TileOrderForm | null, 
/**
 * Where they stand by hand, 500 at the most.
 */
tilePlaces: Array<TilePlaceForm> | null, 
/**
 * Whether alerts of a day that belong together are one line.
 */
groupAlerts: boolean | null, };

/**
 * How long a notification stays on screen.
 */
export type TimeoutForm = { "timeout": "desktop" } | { "timeout": "never" } | { "timeout": "after", 
/**
 * Seconds.
 */
seconds: number, };

/**
 * When a person is told that a stream has no connection.
 */
export type OutageForm = { "outage": "off" } | { "outage": "after", 
/**
 * Seconds.
 */
seconds: number, };

/**
 * How a person likes the window to look.
 */
export type DashboardForm = { 
/**
 * Light or dark.
 */
theme: ThemeForm, 
/**
 * The colour of a rise.
 */
rise: RiseForm, 
/**
 * In which order tiles stand.
 */
tileOrder: TileOrderForm, 
/**
 * Where they stand by hand.
 */
tilePlaces: Array<TilePlaceForm>, 
/**
 * Whether alerts of a day that belong together are one line.
 */
groupAlerts: boolean, };

/**
 * Light or dark.
 */
export type ThemeForm = "system" | "light" | "dark";

/**
 * The colour of a rise.
 */
export type RiseForm = "system" | "green" | "red";

/**
 * In which order tiles stand.
 */
export type TileOrderForm = "hand" | "name" | "change";

/**
 * A tile, as it is told from every other.
 */
export type TilePlaceForm = { 
/**
 * The stream that feeds it.
 */
stream: string, 
/**
 * What it is the value of.
 */
key: string, 
/**
 * Which entry of the configuration's tiles makes it, from 0.
 */
feed: number, };

/**
 * One of what can be given away.
 */
export type ItemForm = { "kind": "stream", 
/**
 * Its name.
 */
name: string, } | { "kind": "rule", 
/**
 * Its name.
 */
name: string, } | { "kind": "tile", 
/**
 * As it was read: it has no name.
 */
tile: TileForm, };

/**
 * A kind of what can be given away.
 */
export type ItemKind = "stream" | "rule" | "tile";

/**
 * What an import does, or would do.
 */
export type ImportReport = { 
/**
 * What is wrong with the text; then nothing is imported.
 */
faults: Array<Fault>, 
/**
 * What is in it, in its order.
 */
items: Array<ImportItem>, 
/**
 * The names of new streams and rules that start programs, take secrets of this machine or talk to a socket of it.
 * They are added only where that is allowed with the import.
 */
reaching: Array<string>, 
/**
 * Whether it was done.
 */
applied: boolean, 
/**
 * For [`Call::Undo`](crate::Call::Undo), where it was done.
 */
undo?: number, };

/**
 * One thing in an import.
 */
export type ImportItem = { 
/**
 * What it is.
 */
kind: ItemKind, 
/**
 * Its name; for a tile its event and stream.
 */
name: Text, 
/**
 * What becomes of it.
 */
fate: ImportFate, 
/**
 * Where a stream goes; else empty.
 */
url: string, };

/**
 * What becomes of one thing in an import.
 */
export type ImportFate = "added" | "present" | "clash";

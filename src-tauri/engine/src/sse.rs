//! Bytes into bounded lines into events: the guard in front of eventsource-stream. Sans-IO.

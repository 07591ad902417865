//! The newest frames, encoded once. Memory is bounded in frames and in bytes, whatever the clients do.

use bytes::Bytes;
use std::collections::VecDeque;

/// A frame as it goes over the wire, with what is needed to count what a client misses.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// The frame's number.
    pub seq: u64,
    /// Events up to and including this frame, skipped ones included, since the feed began.
    pub events_so_far: u64,
    /// The whole SSE message.
    pub bytes: Bytes,
}

/// The newest frames, consecutive, oldest first.
#[derive(Debug)]
pub struct Ring {
    frames: VecDeque<Encoded>,
    bytes: usize,
    max_frames: usize,
    max_bytes: usize,
}

impl Ring {
    /// A ring of at most `max_frames` frames and `max_bytes` bytes, but always the newest frame.
    pub fn new(max_frames: usize, max_bytes: usize) -> Self {
        Self {
            frames: VecDeque::new(),
            bytes: 0,
            max_frames,
            max_bytes,
        }
    }

    /// Adds the next frame; the oldest make room.
    pub fn push(&mut self, frame: Encoded) {
        self.bytes += frame.bytes.len();
        self.frames.push_back(frame);
        while self.frames.len() > 1
            && (self.frames.len() > self.max_frames || self.bytes > self.max_bytes)
        {
            if let Some(old) = self.frames.pop_front() {
                self.bytes -= old.bytes.len();
            }
        }
    }

    /// The frame numbered `seq`, if it is still here.
    pub fn get(&self, seq: u64) -> Option<&Encoded> {
        let oldest = self.frames.front()?.seq;
        let index = usize::try_from(seq.checked_sub(oldest)?).ok()?;
        self.frames.get(index)
    }

    /// The newest frame.
    pub fn newest(&self) -> Option<&Encoded> {
        self.frames.back()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(seq: u64, len: usize) -> Encoded {
        Encoded {
            seq,
            events_so_far: seq,
            bytes: Bytes::from(vec![0; len]),
        }
    }

    #[test]
    fn the_oldest_frames_make_room_by_number_and_by_size() {
        let mut ring = Ring::new(3, 100);
        for seq in 1..=5 {
            ring.push(frame(seq, 10));
        }
        assert!(ring.get(2).is_none());
        assert_eq!(ring.get(3).map(|f| f.seq), Some(3));
        assert_eq!(ring.bytes(), 30);
        ring.push(frame(6, 90));
        assert_eq!(ring.get(5).map(|f| f.seq), Some(5));
        ring.push(frame(7, 200));
        assert!(
            ring.get(6).is_none(),
            "too big for company, but the newest stays"
        );
        assert_eq!(ring.newest().map(|f| f.seq), Some(7));
    }

    #[test]
    fn a_number_from_before_or_after_is_not_found() {
        let mut ring = Ring::new(3, 100);
        assert!(ring.get(0).is_none());
        ring.push(frame(10, 1));
        assert!(ring.get(9).is_none());
        assert!(ring.get(11).is_none());
        assert!(ring.get(u64::MAX).is_none());
    }
}

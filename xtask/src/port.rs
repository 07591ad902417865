//! A TCP port that nobody uses right now, for servers under test.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// An address on loopback whose port the system just said is free.
///
/// # Errors
/// When the system has no free port.
pub(crate) fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_can_be_bound() {
        let address = free_address().unwrap();
        assert!(address.ip().is_loopback());
        assert!(TcpListener::bind(address).is_ok());
    }
}

//! Compressed copies (`.br`, `.gz`) beside every text of the site, for servers that send files as they are.

use super::{OutputError, disk};
use crate::content::has_extension;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Texts, and WebAssembly, which compresses as well.
const EXTENSIONS: [&str; 9] = [
    "html", "css", "js", "json", "svg", "xml", "txt", "wasm", "map",
];
/// Below this many bytes a compressed copy is no use.
const SMALLEST: usize = 256;

/// Compresses the texts of `folder`; copies what `previous`, the site before it, already has for the same bytes. Says how
/// many files were compressed.
///
/// # Errors
/// If a file cannot be read or written.
pub fn compress(folder: &Path, previous: &Path) -> Result<usize, OutputError> {
    let mut files = Vec::new();
    list(folder, folder, &mut files)?;
    let done: Vec<usize> = files
        .par_iter()
        .map(|path| one(folder, previous, path))
        .collect::<Result<_, _>>()?;
    Ok(done.into_iter().sum())
}

fn list(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), OutputError> {
    for entry in std::fs::read_dir(folder).map_err(disk(folder))? {
        let path = entry.map_err(disk(folder))?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else if EXTENSIONS
            .iter()
            .any(|extension| has_extension(&path.to_string_lossy(), extension))
        {
            files.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
        }
    }
    Ok(())
}

fn one(folder: &Path, previous: &Path, path: &Path) -> Result<usize, OutputError> {
    let file = folder.join(path);
    let bytes = std::fs::read(&file).map_err(disk(&file))?;
    if bytes.len() < SMALLEST {
        return Ok(0);
    }
    let same = std::fs::read(previous.join(path)).is_ok_and(|old| old == bytes);
    let mut count = 0;
    for (suffix, encode) in [
        ("br", brotli_of as fn(&[u8]) -> io::Result<Vec<u8>>),
        ("gz", gzip_of),
    ] {
        let name = with_suffix(path, suffix);
        let target = folder.join(&name);
        let old = previous.join(&name);
        if same && old.is_file() && std::fs::copy(&old, &target).is_ok() {
            continue;
        }
        let compressed = encode(&bytes).map_err(disk(&target))?;
        std::fs::write(&target, compressed).map_err(disk(&target))?;
        count = 1;
    }
    Ok(count)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli_of(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

fn gzip_of(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn copies_read_back_and_are_made_once() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        let text = "journal ".repeat(200);
        for folder in [&old, &new] {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("a.html"), &text).unwrap();
            std::fs::write(folder.join("i.png"), &text).unwrap();
        }
        assert_eq!(compress(&old, Path::new("nowhere")).unwrap(), 1);
        assert!(!old.join("i.png.br").exists());
        let mut back = String::new();
        flate2::read::GzDecoder::new(&std::fs::read(old.join("a.html.gz")).unwrap()[..])
            .read_to_string(&mut back)
            .unwrap();
        assert_eq!(back, text);
        let mut back = Vec::new();
        brotli::BrotliDecompress(
            &mut &std::fs::read(old.join("a.html.br")).unwrap()[..],
            &mut back,
        )
        .unwrap();
        assert_eq!(back, text.as_bytes());
        assert_eq!(
            compress(&new, &old).unwrap(),
            0,
            "unchanged files are not compressed again"
        );
        assert!(new.join("a.html.br").exists());
    }
}

//! Measures the generator on a generated course of 1,000 French pages: 1,700 words each, six blocks of code (two C#, two YAML,
//! two bash) whose text is different on every page.
//!
//! `cargo run --release -p site --example bench [pages]` prints, on this machine:
//! * a full build (highlighting included, neither search nor compression): wall clock, CPU, peak memory;
//! * comrak alone on the same pages, one thread: the floor;
//! * a rebuild after one page changed, file read and site swapped included;
//! * the weight of a page, gzip.

use flate2::Compression;
use flate2::write::GzEncoder;
use site::builder::{BuildOptions, Builder};
use site::theme::Theme;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const DAYS: usize = 3;
const BLOCS_PER_DAY: usize = 12;
const WORDS_PER_PAGE: usize = 1_700;

const WORDS: [&str; 48] = [
    "le",
    "journal",
    "distribué",
    "conserve",
    "chaque",
    "message",
    "dans",
    "une",
    "partition",
    "ordonnée",
    "où",
    "l'offset",
    "croît",
    "sans",
    "jamais",
    "revenir",
    "en",
    "arrière",
    "et",
    "le",
    "consumer",
    "avance",
    "à",
    "son",
    "rythme",
    "tandis",
    "que",
    "le",
    "producer",
    "écrit",
    "toujours",
    "à",
    "la",
    "fin",
    "du",
    "même",
    "topic",
    "répliqué",
    "sur",
    "plusieurs",
    "brokers",
    "afin",
    "qu'une",
    "panne",
    "n'efface",
    "rien",
    "d'essentiel",
    "pourtant",
];

fn main() -> Result<(), Box<dyn Error>> {
    let pages: usize = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000);
    let folder = std::env::temp_dir().join(format!("bench-site-{}", std::process::id()));
    let content = folder.join("content");
    let files = corpus(pages);
    for (path, text) in &files {
        let file = content.join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(&content))?;
        std::fs::write(file, text)?;
    }
    let result = measure(&content, &folder.join("dist"), pages);
    std::fs::remove_dir_all(&folder)?;
    result?;
    floor(&files);
    Ok(())
}

fn measure(content: &Path, out: &Path, pages: usize) -> Result<(), Box<dyn Error>> {
    let options = BuildOptions {
        content: content.to_owned(),
        out: out.to_owned(),
        ..BuildOptions::default()
    };
    let (cpu, wall) = (cpu_time(), Instant::now());
    let mut builder = Builder::new(options)?;
    let report = builder.build()?;
    let (wall, cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));
    println!(
        "construction complète, {} pages : {wall:.2?} d'horloge, {cpu:.2?} de processeur, pic {} Mio",
        report.pages,
        peak_mib()
    );
    rebuilds(&mut builder, content)?;
    weigh(out)?;
    assert_eq!(report.pages, pages, "every generated page is built");
    Ok(())
}

/// Changes one page several times; each change is one more sentence.
fn rebuilds(builder: &mut Builder, content: &Path) -> Result<(), Box<dyn Error>> {
    let page = "jour-1/bloc-1-1/page-0001.md";
    let mut times = Vec::new();
    for round in 0..7 {
        let text = std::fs::read_to_string(content.join(page))?;
        std::fs::write(
            content.join(page),
            format!("{text}\nUne phrase de plus, la {round}e.\n"),
        )?;
        let started = Instant::now();
        builder.refresh(&[page.to_owned()])?;
        let report = builder.build()?;
        times.push(started.elapsed());
        assert_eq!(report.compiled, 1, "only the changed page is compiled");
    }
    times.sort();
    println!(
        "reconstruction après une page changée : {:.1?} (médiane de {}), pic {} Mio",
        times[times.len() / 2],
        times.len(),
        peak_mib()
    );
    Ok(())
}

/// Parses and renders all pages with comrak alone.
fn floor(files: &[(String, String)]) {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    let started = Instant::now();
    let bytes: usize = files
        .iter()
        .map(|(_, text)| comrak::markdown_to_html(text, &options).len())
        .sum();
    println!(
        "comrak seul, un fil : {:.2?} ({} Mio de HTML)",
        started.elapsed(),
        bytes >> 20
    );
}

fn weigh(out: &Path) -> Result<(), Box<dyn Error>> {
    let html = std::fs::read(out.join("jour-1/bloc-1-1/page-0001/index.html"))?;
    let assets = site::theme::assets::publish(&Theme::embedded().assets)?;
    let (mut css, mut js) = (0, 0);
    for (path, bytes) in &assets.files {
        match path.rsplit('.').next() {
            Some("css") => css += gzip(bytes)?,
            Some("js") => js += gzip(bytes)?,
            _ => {}
        }
    }
    println!(
        "poids d'une page, gzip : {} o de HTML ; tout le CSS {css} o, tout le JS {js} o",
        gzip(&html)?
    );
    Ok(())
}

fn gzip(bytes: &[u8]) -> std::io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// CPU time of this process so far, all threads; zero where the system does not tell.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    // utime and stime, in hundredths of a second on every Linux that Rust runs on.
    let ticks: u64 = [11, 12]
        .iter()
        .filter_map(|at| fields.get(*at)?.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// Peak resident memory of this process, in MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or("0 kB");
    line.trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .unwrap_or(0)
        / 1024
}

/// The files of a course of `pages` pages.
fn corpus(pages: usize) -> Vec<(String, String)> {
    let mut files = Vec::with_capacity(pages + 1);
    let mut toml =
        String::from("[course]\ntitle = \"Banc d'essai\"\nurl = \"https://example.invalid/\"\n");
    let mut blocs: Vec<Vec<usize>> = vec![Vec::new(); DAYS * BLOCS_PER_DAY];
    for page in 0..pages {
        blocs[page % (DAYS * BLOCS_PER_DAY)].push(page);
    }
    let _ = writeln!(
        toml,
        "minutes = {}\n[versions]\nkafka = \"4.3.1\"\n",
        blocs.iter().map(|bloc| bloc.len().max(1)).sum::<usize>()
    );
    toml.push_str("[glossary.isr]\nterm = \"ISR\"\ndefinition = \"Répliques à jour.\"\n");
    for (day, blocs) in blocs.chunks(BLOCS_PER_DAY).enumerate() {
        let number = day + 1;
        let minutes: usize = blocs.iter().map(|bloc| bloc.len().max(1)).sum();
        let _ = writeln!(
            toml,
            "[[day]]\nnumber = {number}\ntitle = \"Jour\"\nslug = \"jour-{number}\"\nminutes = {minutes}"
        );
        for (bloc, pages) in blocs.iter().enumerate() {
            let bloc = bloc + 1;
            let _ = writeln!(
                toml,
                "[[day.bloc]]\nnumber = \"{number}.{bloc}\"\ntitle = \"Bloc\"\nslug = \"bloc-{number}-{bloc}\"\nminutes = {}",
                pages.len().max(1)
            );
            for (index, page) in pages.iter().enumerate() {
                let file = format!(
                    "jour-{number}/bloc-{number}-{bloc}/page-{:04}.md",
                    index + 1
                );
                let _ = writeln!(
                    toml,
                    "[[day.bloc.page]]\nfile = \"{file}\"\nminutes = 1\nkind = \"texte\""
                );
                files.push((file, text(*page)));
            }
        }
    }
    files.push(("course.toml".to_owned(), toml));
    files
}

/// Page number `page`.
fn text(page: usize) -> String {
    let mut out = format!("# Page numéro {page} : « le journal »\n\n");
    let mut word = page * 7;
    for section in 0..6 {
        let _ = writeln!(out, "## Section {section} de la page {page}\n");
        for paragraph in 0..4 {
            for index in 0..WORDS_PER_PAGE / 24 {
                word = word.wrapping_mul(31).wrapping_add(index + paragraph) % 9_973;
                let text = WORDS[word % WORDS.len()];
                match index % 23 {
                    5 => _ = write!(out, "**{text}** "),
                    11 => _ = write!(out, "`{text}` "),
                    17 => _ = write!(out, "{text} : "),
                    22 => _ = write!(out, "{text}. "),
                    _ => _ = write!(out, "{text} "),
                }
            }
            out.push_str("\n\n");
        }
        out.push_str(&code(page, section));
        out.push('\n');
    }
    out
}

/// A block of code whose names and numbers no other page has.
fn code(page: usize, section: usize) -> String {
    let n = page * 6 + section;
    match section % 3 {
        0 => format!(
            "```csharp title=\"Service{n}.cs\"\nusing Confluent.Kafka;\n\nnamespace Shop.Orders{n};\n\n/// <summary>Publie les commandes {n}.</summary>\npublic sealed class OrderService{n} : IAsyncDisposable\n{{\n    private readonly IProducer<string, byte[]> _producer{n};\n    private readonly ILogger<OrderService{n}> _logger;\n\n    public OrderService{n}(ProducerConfig config{n}, ILogger<OrderService{n}> logger)\n    {{\n        config{n}.Acks = Acks.All;\n        config{n}.LingerMs = {};\n        _logger = logger;\n        _producer{n} = new ProducerBuilder<string, byte[]>(config{n}).Build();\n    }}\n\n    public async Task<long> PublishAsync{n}(Order{n} order, CancellationToken token)\n    {{\n        if (order.Total{n} > {n}.5m) {{ _logger.LogWarning(\"Commande {{Id}} : total {n}\", order.Id); }}\n        var result{n} = await _producer{n}.ProduceAsync(\"orders.v{n}\", new Message<string, byte[]> {{ Key = $\"client-{{order.Id}}\", Value = order.ToBytes{n}() }}, token);\n        return result{n}.Offset.Value; // position {n}\n    }}\n}}\n```\n",
            n % 100
        ),
        1 => format!(
            "```yaml\napiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  name: orders-{n}\n  labels:\n    strimzi.io/cluster: cluster-{n}\n    equipe: \"equipe-{n}\"\nspec:\n  partitions: {}\n  replicas: 3\n  config:\n    retention.ms: {}\n    min.insync.replicas: 2 # deux répliques, lot {n}\n    compression.type: lz4\n    segment.bytes: {}\n  # fin du topic {n}\n```\n",
            n % 24 + 1,
            n * 1_000,
            n * 4_096 + 14
        ),
        _ => format!(
            "```bash\n#!/usr/bin/env bash\nset -euo pipefail\nTOPIC_{n}=\"orders-{n}\"\nfor partition in $(seq 0 {}); do\n  kafka-console-consumer.sh --bootstrap-server \"broker-{n}:9092\" --topic \"$TOPIC_{n}\" \\\n    --partition \"$partition\" --offset {n} --max-messages {} | tee \"/tmp/p{n}-$partition.log\"\ndone\nif [[ -z \"${{DEBUG_{n}:-}}\" ]]; then echo \"terminé : lot {n}\"; else exit {}; fi\n```\n",
            n % 12,
            n % 500 + 1,
            n % 7
        ),
    }
}

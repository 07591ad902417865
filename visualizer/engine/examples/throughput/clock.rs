//! The processor's time of this process, and where lines are printed: natively, and under Node.js.

pub(crate) use platform::{now, say};

/// Measures from now on.
pub(crate) fn stopwatch() -> Stopwatch {
    Stopwatch { start: now() }
}

/// An instant of the processor's time.
pub(crate) struct Stopwatch {
    start: f64,
}

impl Stopwatch {
    /// Seconds since then.
    pub(crate) fn seconds(&self) -> f64 {
        now() - self.start
    }
}

#[cfg(not(target_family = "wasm"))]
mod platform {
    use std::sync::OnceLock;
    use std::time::Instant;

    /// Seconds of processor time, from Linux's scheduler; elsewhere, seconds of the clock.
    pub(crate) fn now() -> f64 {
        static START: OnceLock<Instant> = OnceLock::new();
        // The scheduler brings its account up to date when it is called.
        std::thread::yield_now();
        std::fs::read_to_string("/proc/self/schedstat")
            .ok()
            .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
            .map_or_else(
                || START.get_or_init(Instant::now).elapsed().as_secs_f64(),
                |nanoseconds| nanoseconds / 1e9,
            )
    }

    pub(crate) fn say(line: &str) {
        println!("{line}");
    }
}

#[cfg(target_family = "wasm")]
mod platform {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        /// What `process.cpuUsage()` returns.
        type CpuUsage;

        #[wasm_bindgen(js_namespace = process, js_name = cpuUsage)]
        fn cpu_usage() -> CpuUsage;

        #[wasm_bindgen(method, getter)]
        fn user(this: &CpuUsage) -> f64;

        #[wasm_bindgen(method, getter)]
        fn system(this: &CpuUsage) -> f64;

        #[wasm_bindgen(js_namespace = console, js_name = log)]
        pub(crate) fn say(line: &str);
    }

    /// Seconds of processor time, those of Node's compiler threads included.
    pub(crate) fn now() -> f64 {
        let usage = cpu_usage();
        (usage.user() + usage.system()) / 1e6
    }
}

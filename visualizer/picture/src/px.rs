//! Lengths in tenths of a CSS pixel: whole numbers draw the same picture on every machine, and need no floating-point
//! formatting in the page.

use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A length or a coordinate, in tenths of a CSS pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Px(i32);

impl Px {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// This many pixels.
    pub const fn new(pixels: i32) -> Self {
        Self(pixels * 10)
    }

    /// This many tenths of a pixel.
    pub const fn tenths(tenths: i32) -> Self {
        Self(tenths)
    }

    /// Whole pixels, rounded towards zero.
    pub const fn whole(self) -> i32 {
        self.0 / 10
    }

    /// Half of it.
    #[must_use]
    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// `part / whole` of it; nothing if `whole` is 0.
    #[must_use]
    pub fn scaled(self, part: u64, whole: u64) -> Self {
        let part = i64::try_from(part).unwrap_or(i64::MAX);
        let whole = i64::try_from(whole).unwrap_or(i64::MAX);
        let product = i64::from(self.0).saturating_mul(part);
        Self(i32::try_from(product.checked_div(whole).unwrap_or(0)).unwrap_or(i32::MAX))
    }

    /// How many times `step` goes into it; 0 if `step` is not positive.
    pub fn fits(self, step: Self) -> usize {
        if step.0 <= 0 {
            return 0;
        }
        usize::try_from(self.0 / step.0).unwrap_or(0)
    }

    /// `index` times this step.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self * i32::try_from(index).unwrap_or(i32::MAX / 10_000)
    }
}

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pixels, tenths) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match tenths {
            0 => write!(f, "{pixels}"),
            _ => write!(f, "{pixels}.{tenths}"),
        }
    }
}

impl Add for Px {
    type Output = Self;

    fn add(self, rhs: Self) -> Self {
        Self(self.0 + rhs.0)
    }
}

impl AddAssign for Px {
    fn add_assign(&mut self, rhs: Self) {
        self.0 += rhs.0;
    }
}

impl Sub for Px {
    type Output = Self;

    fn sub(self, rhs: Self) -> Self {
        Self(self.0 - rhs.0)
    }
}

impl Neg for Px {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i32> for Px {
    type Output = Self;

    fn mul(self, rhs: i32) -> Self {
        Self(self.0.saturating_mul(rhs))
    }
}

impl Div<i32> for Px {
    type Output = Self;

    fn div(self, rhs: i32) -> Self {
        Self(self.0.checked_div(rhs).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_without_needless_digits() {
        let written = |tenths| Px::tenths(tenths).to_string();
        assert_eq!(written(0), "0");
        assert_eq!(written(120), "12");
        assert_eq!(written(125), "12.5");
        assert_eq!(written(-5), "-0.5");
        assert_eq!(written(-120), "-12");
    }

    #[test]
    fn parts_of_a_length_never_overflow_nor_divide_by_zero() {
        assert_eq!(Px::new(100).scaled(1, 3), Px::tenths(333));
        assert_eq!(Px::new(100).scaled(u64::MAX, 1), Px::tenths(i32::MAX));
        assert_eq!(Px::new(100).scaled(5, 0), Px::ZERO);
        assert_eq!(Px::new(100).fits(Px::new(33)), 3);
        assert_eq!(Px::new(100).fits(Px::ZERO), 0);
        assert_eq!(Px::new(10) / 0, Px::ZERO);
    }
}

//! Pseudo-random numbers that are the same for the same seed.

pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// Returns a number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound.max(1)).expect("64 bits");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("below a usize")
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// Returns one line of a text, in which `␤`, `␉` and `␍` become a line feed, a tab and a carriage return.
    pub(crate) fn form(&mut self, lines: &str) -> String {
        let line = self.below(lines.lines().count());
        let line = lines.lines().nth(line).unwrap_or_default();
        line.replace('␤', "\n").replace('␉', "\t").replace('␍', "\r")
    }
}

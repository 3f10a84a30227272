// Mocha's spec reporter, which also leaves the counts in the file named by ND_TEST_SUMMARY.
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      if (process.env.ND_TEST_SUMMARY) fs.writeFileSync(process.env.ND_TEST_SUMMARY, JSON.stringify(counts));
    });
  }
};

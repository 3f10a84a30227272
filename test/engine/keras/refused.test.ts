import assert from 'node:assert/strict';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { readModel } from '../../../src/formats/models/readModel';
import { failsWith } from '../../support/failsWith';
import { requireKerasFixtures, type KerasFixtures } from '../../support/kerasFixtures';
import { requireNativeBackend } from '../../support/nativeBackend';

/** What is wrong with a model, and what must be said of it. */
const REFUSED: readonly [string, RegExp][] = [
  ['lambda 3 keras', /Lambda.*(twice|code)|(twice|code).*Lambda/],
  ['lambda 3 h5', /Lambda.*(twice|code)|(twice|code).*Lambda/],
  ['lambda 2 keras', /Lambda.*(twice|code)|(twice|code).*Lambda/],
  ['lambda 2 h5', /Lambda.*(twice|code)|(twice|code).*Lambda/],
  ['custom 3 keras', /Doubling/],
  ['custom 3 h5', /Doubling/],
  ['custom 2 keras', /Doubling/],
  ['custom 2 h5', /Doubling/],
  ['attention 3', /MultiHeadAttention/],
  ['attention 2', /MultiHeadAttention/],
  ['masking 3', /skip masks time steps/],
  ['masking 2', /skip masks time steps/],
  ['regression 3', /is not a classifier/],
  ['regression 2', /is not a classifier/],
  ['subclassed 3', /class of its own|subclass/i],
  ['subclassed 2', /class of its own|subclass/i],
  ['operation 3', /sort/i],
  ['operation 2 keras', /sort/],
  ['operation 2 h5', /sort/],
  ['output padding 3', /up is a Conv2DTranspose with output padding/],
  ['int8 3', /int8|quanti[sz]/],
  ['saved model 3', /SavedModel.*tensorflowjs_converter --input_format=tf_saved_model/],
  ['saved model 2', /SavedModel.*tensorflowjs_converter --input_format=tf_saved_model/],
];

describe('Keras models that cannot be analysed', function () {
  this.timeout(60_000);
  let fixtures: KerasFixtures;

  before(async function () {
    this.timeout(15 * 60_000);
    await requireNativeBackend(this);
    fixtures = await requireKerasFixtures(this);
  });

  for (const [what, sentence] of REFUSED) {
    it(`are refused in a sentence: ${what}`, async () => {
      const file = fixtures.refused[what] ?? assert.fail(`Python made no ${what}`);
      const tensors = memory().numTensors;
      await failsWith(readModel(file), sentence);
      await failsWith(readModel(file), new RegExp(path.basename(file).replaceAll('.', '\\.')));
      assert.equal(memory().numTensors, tensors);
    });
  }

  it('are all tried', () => {
    assert.deepEqual(Object.keys(fixtures.refused).sort(), REFUSED.map(([what]) => what).sort());
  });
});

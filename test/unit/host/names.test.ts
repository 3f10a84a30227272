import assert from 'node:assert/strict';
import { arrayOf, fileOf, modelName, shapeText, studyTitle } from '../../../src/host/names';

describe('names on screen', () => {
  it('takes file#array references apart', () => {
    assert.deepEqual([fileOf('/a/test.npz#x'), arrayOf('/a/test.npz#x')], ['/a/test.npz', 'x']);
    assert.deepEqual([fileOf('/a/test.csv'), arrayOf('/a/test.csv')], ['/a/test.csv', null]);
  });

  it('calls a model after its folder only where its file says nothing', () => {
    assert.equal(modelName('/nets/generalizes/model.json'), 'generalizes');
    assert.equal(modelName('/nets/digits.keras'), 'digits');
  });

  it('titles a study by model and data file', () => {
    assert.equal(
      studyTitle({ model: '/nets/memorizes/model.json', data: '/nets/train.npz#x' }),
      'memorizes · train.npz',
    );
  });

  it('writes shapes with their free sizes and element type', () => {
    assert.equal(shapeText([28, null, 1], 'uint8'), '28 × ? × 1 uint8');
  });
});

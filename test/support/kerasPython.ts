import { pythonWith } from './python';
import { skip } from './requirements';
import { tensorflowForPython } from './tensorflowPython';

/** What `tensorflow-cpu` asks for, as far as it is needed to make and run models; TensorFlow itself is apart. */
const PACKAGES = [
  'keras==3.15.1',
  'numpy>=1.26',
  'h5py>=3.11,<3.15',
  'absl-py',
  'astunparse',
  'flatbuffers>=25.9.23',
  'gast',
  'google-pasta',
  'ml-dtypes>=0.5.1,<1',
  'opt-einsum',
  'protobuf>=6.31.1,<8',
  'requests',
  'six',
  'termcolor',
  'typing-extensions',
  'wrapt',
];

/** Keras 2, which asks for a second TensorFlow. */
const KERAS_2 = ['tf_keras==2.21.0'];

/** A Python with Keras 3, Keras 2 (`tf_keras`) and TensorFlow. */
export interface KerasPython {
  /** Path of the interpreter. */
  readonly python: string;
  /** With which it finds TensorFlow, and is quiet. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A Python that makes and runs Keras models, made on first use (about a minute, from pip) and kept in `.cache`.
 * To be called in a `before` hook: where pip or a network is missing the tests are skipped and the reason is
 * printed; with `REQUIRE_NATIVE=1` they fail instead.
 */
export async function requireKeras(context: Mocha.Context): Promise<KerasPython> {
  try {
    const python = await pythonWith(PACKAGES, KERAS_2);
    const { PYTHONPATH } = await tensorflowForPython();
    const env = { ...process.env, PYTHONPATH, KERAS_BACKEND: 'tensorflow', TF_CPP_MIN_LOG_LEVEL: '3' };
    return { python, env };
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    return skip(context, `Keras and TensorFlow could not be installed with pip (${why})`);
  }
}

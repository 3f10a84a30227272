import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fillWithSample, openFixture, type Fixture } from '../test/e2e/fixture';
import { StudyPanel } from '../test/e2e/studyPanel';

const FOLDER = path.resolve(__dirname, '../media/screenshots');

/** How long the window may take to come to rest after a change, milliseconds. */
const REST = 1500;

/** Analyses the sample's network that learned by heart, deletes its worst neurons, and takes each view. */
async function take(at: Fixture): Promise<void> {
  const { workbench } = at;
  await workbench.page.setViewportSize({ width: 1440, height: 960 });
  await workbench.setTheme('dark');
  const run = await at.analysisOf(async () => {
    await workbench.explorerMenu('memorizes/model.json', 'Analyze Neurons');
    await workbench.pick(/train\.npz.*labels y_shuffled/);
  });
  const panel = await StudyPanel.titled(workbench, /memorizes/);
  await panel.complete();
  await run.status('complete');
  await workbench.openContainer('Neuron Deletion');
  const shot = async (name: string): Promise<void> => {
    await workbench.clearMessages();
    await workbench.page.waitForTimeout(REST);
    await workbench.screenshot(path.join(FOLDER, `${name}.png`));
  };

  await panel.option('Choose', 'The most');
  await panel.press('Delete These');
  await panel.says(/Without 10 neurons/);
  await shot('map');
  await panel.tab('heatmaps');
  await shot('heatmaps');
  await panel.tab('scatter');
  await shot('scatter');
  await panel.tab('curves');
  const curves = await at.analysisOf(async () => {
    await panel.press('Measure Curves');
    await workbench.pick('Usual');
  });
  await curves.status('complete', 300_000);
  await panel.says(/random, mean of 10/);
  await shot('curves');
  await panel.tab('unit');
  await shot('neuron');
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const at = await openFixture({ fill: fillWithSample, native: true });
  try {
    await take(at);
  } finally {
    await at.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

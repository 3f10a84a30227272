import { closedFormWay } from './closedForm';
import { deltaWay } from './delta';
import { fusedWay } from './fused';
import { jacobianWay } from './jacobian';
import { planSite, type SitePlan } from './plan';
import { stackedWay } from './stacked';
import type { SiteContext, Way, WayName } from './way';

/** How to make each way, quickest first; null where it does not apply to a site. */
const MAKERS: readonly {
  readonly name: WayName;
  readonly make: (context: SiteContext, plan: SitePlan) => Promise<Way | null> | Way | null;
}[] = [
  { name: 'closed-form', make: closedFormWay },
  { name: 'jacobian', make: jacobianWay },
  { name: 'fused', make: fusedWay },
  { name: 'delta', make: deltaWay },
];

/**
 * The quickest way for a site, read from the algebra of what follows it.
 * @param forced only this way, or the stacked one where it does not apply
 */
export async function chooseWay(context: SiteContext, forced: WayName | null): Promise<Way> {
  const plan = planSite(context.network, context.site);
  for (const { name, make } of MAKERS) {
    if (forced !== null && forced !== name) continue;
    const way = await make(context, plan);
    if (way !== null) return way;
  }
  return stackedWay(context);
}

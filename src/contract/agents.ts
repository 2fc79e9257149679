/** Shapes of the agents view: agents, their tools and model calls (PROV-AGENT). */

export const agentsMethods = {} as const

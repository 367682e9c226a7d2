namespace Bottle.Contracts.Supervision;

/// <summary>A request as the agent names it; <paramref name="Method"/> in capitals, null where the question is about every method (<see cref="ProposalTool.PipelockBlock"/>).</summary>
public sealed record ProposedRequest(string? Method, string Url);

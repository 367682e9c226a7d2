using Bottle.Contracts.Denials;

namespace Bottle.Egress.Requests;

/// <summary>A refusal on its way to the agent and the log.</summary>
internal sealed record Refusal(DenialCode Code, string Reason);

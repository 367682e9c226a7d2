using Bottle.Contracts.Git;

namespace Bottle.GitGate.Upstream;

/// <summary>What became of a push upstream: accepted when <see cref="Refusal"/> is null.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="Words">What upstream said, line by line, made inert.</param>
internal sealed record PushOutcome(GateRefusal? Refusal, IReadOnlyList<string> Words);

using Bottle.Core.Diagnostics;

namespace Bottle.Core.Planning;

/// <summary>What planning gave: everything worth saying, and the plan unless one of them is an error.</summary>
public sealed record PlanResult(BottlePlan? Plan, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The plan, or a <see cref="BottleException"/> with all problems at once.</summary>
    public BottlePlan Require() => Plan ?? throw new BottleException(Diagnostics);
}

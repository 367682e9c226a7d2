using Bottle.Host.Docker;
using Bottle.Host.Processes;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Bottle.Testing;

/// <summary>
/// A test that needs a real engine: category <c>Engine</c>. Without an engine it is skipped with the reason, or fails when BOTTLE_REQUIRE_ENGINE=1, so that a pipeline cannot pass by skipping.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class RequiresEngineAttribute : CategoryAttribute, IApplyToTest
{
    private static readonly Lazy<EngineProbe> Engine = new(() => new DockerEngine(new CommandRunner()).ProbeAsync().GetAwaiter().GetResult());

    /// <summary>Puts the test into the category.</summary>
    public RequiresEngineAttribute() : base("Engine") { }

    void IApplyToTest.ApplyToTest(Test test)
    {
        ApplyToTest(test);
        if (test.RunState is RunState.NotRunnable or RunState.Ignored || Engine.Value.Info is not null)
            return;
        var reason = $"no engine: {Engine.Value.Problem} {Engine.Value.Detail}";
        test.RunState = MachineNeeds.AreRequired ? RunState.NotRunnable : RunState.Skipped;
        test.Properties.Set(PropertyNames.SkipReason, MachineNeeds.AreRequired ? $"BOTTLE_REQUIRE_ENGINE=1 and {reason}" : reason);
    }
}

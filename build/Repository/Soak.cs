using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Runs ten minutes of fuzzing, large bodies and silent streams against a live sidecar (<c>--suite=egress</c>); not part of CI.</summary>
[TaskDescription("Runs ten minutes of fuzzing, bulk and silence: --suite=egress")]
[Takes("suite")]
internal sealed class Soak : AsyncFrostingTask<BottleContext>
{
    public override Task RunAsync(BottleContext context)
    {
        var suite = context.Arguments.Suite ?? throw new BottleException(CommandLineErrors.MissingArgument("suite", "Soak", "--suite=egress"));
        return suite == "egress" ? Bench.RunAsync(context, ["soak", suite, "--minutes", "10"]) : throw new BottleException(CommandLineErrors.BadValue("suite", suite, "egress"));
    }
}

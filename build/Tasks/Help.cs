using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Says what one can type; <c>--about</c> says more of one target.</summary>
[TaskDescription("Says what one can type")]
[Takes("about")]
internal sealed class Help : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var target = context.Arguments.About is { } about ? Find(about) : null;
        context.Console.Data.WriteLine((target, context.Arguments.Json) switch
        {
            (null, true) => HelpJson.Overview(),
            (null, false) => HelpText.Overview(context.Door).TrimEnd('\n'),
            ({ } one, true) => HelpJson.Of(one),
            ({ } one, false) => HelpText.Of(one, context.Door).TrimEnd('\n'),
        });
    }

    private static TargetInfo Find(string about)
    {
        var names = TargetCatalogue.All.Select(target => target.Name).ToList();
        return TargetCatalogue.Find(VerbName.TargetOf(about, names) ?? throw new BottleException(CommandLineErrors.UnknownTarget(about, names)))!;
    }
}

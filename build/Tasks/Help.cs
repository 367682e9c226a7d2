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
        // With JSON, standard output is for documents.
        Action<string> say = context.Arguments.Json ? context.Console.Say : context.Console.Data.WriteLine;
        say(Text(context).TrimEnd('\n'));
    }

    private static string Text(BottleContext context)
    {
        if (context.Arguments.About is not { } about) return HelpText.Overview(context.Door);
        var names = TargetCatalogue.All.Select(target => target.Name).ToList();
        var target = VerbName.TargetOf(about, names) ?? throw new BottleException(CommandLineErrors.UnknownTarget(about, names));
        return HelpText.Of(TargetCatalogue.Find(target)!, context.Door);
    }
}

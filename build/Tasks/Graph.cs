using Bottle.Build.Doors;
using Bottle.Build.Graphs;
using Cake.Core;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Prints the stages and what each waits for, as they are registered in Cake's engine.</summary>
[TaskDescription("Prints the stages and what each waits for (--format=dot, mermaid, json or text)")]
[Takes(null)]
internal sealed class Graph : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var engine = (ICakeEngine)context.ServiceProvider.GetService(typeof(ICakeEngine))!;
        var graph = TaskGraph.Of(engine.Tasks, nameof(Start));
        context.Console.Data.Write(context.Arguments.Format switch
        {
            "json" => GraphText.Json(graph),
            "dot" => GraphText.Dot(graph),
            "mermaid" => GraphText.Mermaid(graph),
            _ => GraphText.Lines(graph),
        });
    }
}

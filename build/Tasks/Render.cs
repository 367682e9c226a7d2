using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes every rendered file, without keys, to <c>DIR/&lt;agent&gt;/</c>; equal manifests give equal bytes, on any machine and without an engine (SPEC D7).</summary>
[TaskDescription("Writes the Compose file and all configuration to --out=DIR/<agent>")]
[IsDependentOn(typeof(ResolveManifest))]
[Takes("agent", "out", "manifests", "strict", "allow-stand-in", "allow-test-upstream", "upstream-ca")]
internal sealed class Render : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var target = context.Arguments.Out ?? throw new BottleException(CommandLineErrors.MissingArgument("out", nameof(Render), context.Door.Command(nameof(Render), $"--agent={context.Launch.RequiredManifests.Agent.Name}", "--out=rendered")));
        var plan = context.Planner.PlanForRender();
        var directory = Path.Combine(context.UserPath(target), plan.AgentName);
        var files = Renderer.Render(plan);
        foreach (var file in files)
        {
            var path = Path.Combine(directory, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, file.Text, context.Cancellation);
            context.Console.Line($"  {Path.Combine(target, plan.AgentName, file.Path)}");
        }
        if (context.Arguments.Json) context.Console.Data.WriteLine(Json(plan.AgentName, directory, files));
    }

    // {"agent", "directory", "files"}: files relative to the directory.
    private static string Json(string agent, string directory, IReadOnlyList<RenderedFile> files) => RunJson.Document(json =>
    {
        json.WriteString("agent", agent);
        json.WriteString("directory", directory);
        json.WriteStartArray("files");
        foreach (var file in files) json.WriteStringValue(file.Path);
        json.WriteEndArray();
    });
}

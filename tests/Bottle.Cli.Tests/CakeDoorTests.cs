using System.Diagnostics;

namespace Bottle.Cli.Tests;

/// <summary>Door 1 as it is typed, in a folder that has the scripts of the clone and its built tasks, and no script cache yet.</summary>
internal sealed class CakeDoorTests
{
    private static readonly string[] Scripts = ["bottle.cake", "build.cake", "cake.config", "global.json", ".config/dotnet-tools.json"];
    private static readonly string[] Sources = ["build", "src/Bottle.Contracts", "src/Bottle.Core", "src/Bottle.Host", "src/Bottle.Dashboard"];
    private const string Tasks = "artifacts/bin/Bottle.Build/debug";
    private const string Cache = "artifacts/cake/cache";

    [Test]
    public async Task A_run_outlives_that_another_first_start_writes_the_script_cache_anew()
    {
        using var tool = new Tool();
        Populate(tool.Work);
        var (restored, _, error) = await Tool.FinishAsync(Start(tool, "tool", "restore"));
        Assert.That(restored, Is.Zero, error);

        // As if somebody else were building the tasks: the script waits, with the rest of its code unread.
        var building = File.Open(Path.Combine(tool.Work, "artifacts", ".building"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var cache = new FileSystemWatcher(Path.Combine(tool.Work, Cache), "*.dll");
        var copied = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Renamed += (_, entry) => copied.TrySetResult(entry.FullPath);
        cache.EnableRaisingEvents = true;
        var run = Tool.FinishAsync(Start(tool, "cake", "--target=Help"));
        await Task.WhenAny(run, copied.Task);
        Assert.That(copied.Task.IsCompleted, run.IsCompleted ? (await run).Error : "");

        // What Cake of a second start does to the file of its script's name.
        await File.WriteAllBytesAsync(await copied.Task, []);
        await File.WriteAllTextAsync(Path.Combine(tool.Work, Tasks, "Bottle.Build.dll.stamp"), "");
        await building.DisposeAsync();
        var (code, output, errors) = await run;
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain("dotnet cake --target=Start"));
    }

    private static void Populate(string folder)
    {
        foreach (var script in Scripts)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, script))!);
            File.Copy(Path.Combine(Tool.Repository, script), Path.Combine(folder, script));
        }

        foreach (var source in Sources.Append(Tasks).Append(Cache))
            Directory.CreateDirectory(Path.Combine(folder, source));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Tool.Repository, Tasks)).Where(file => !file.EndsWith(".stamp", StringComparison.Ordinal)))
            File.CreateSymbolicLink(Path.Combine(folder, Tasks, Path.GetFileName(file)), file);
    }

    private static ProcessStartInfo Start(Tool tool, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { WorkingDirectory = tool.Work, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PWD"] = tool.Work;
        start.Environment["CLAUDE_BOTTLE_HOME"] = tool.Home;
        return start;
    }
}

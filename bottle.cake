// Door 1: builds the tasks when a source is newer than the last build, then hands them Cake's engine.
using System.Diagnostics;
using System.Runtime.Loader;
using System.Threading;

// Cake writes its script cache in place: another first start would cut off the file that this process has mapped, and end it (SIGBUS). A copy takes its place. Who is just writing it holds it.
var own = System.Reflection.Assembly.GetExecutingAssembly().Location;
try { System.IO.File.Copy(own, own + Environment.ProcessId, true); System.IO.File.Move(own + Environment.ProcessId, own, true); }
catch (System.IO.IOException) { }

var root = Context.Environment.WorkingDirectory.FullPath;
var dll = System.IO.Path.Combine(root, "artifacts/bin/Bottle.Build/debug/Bottle.Build.dll");
var stamp = dll + ".stamp";

// A folder's own time tells of files that were deleted.
bool Stale()
{
    if (!System.IO.File.Exists(stamp)) return true;
    var built = System.IO.File.GetLastWriteTimeUtc(stamp);
    return new[] { "build", "src/Bottle.Contracts", "src/Bottle.Core", "src/Bottle.Host", "src/Bottle.Dashboard" }
        .Select(folder => new System.IO.DirectoryInfo(System.IO.Path.Combine(root, folder)))
        .SelectMany(folder => folder.EnumerateFileSystemInfos("*", System.IO.SearchOption.AllDirectories).Prepend(folder))
        .Concat(new System.IO.DirectoryInfo(root).EnumerateFiles("*.props"))
        .Concat(new System.IO.DirectoryInfo(root).EnumerateFiles("*.targets"))
        .Append(new System.IO.FileInfo(System.IO.Path.Combine(root, "global.json")))
        .Any(entry => entry.LastWriteTimeUtc > built);
}

System.IO.FileStream Hold(string file)
{
    System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file));
    while (true)
    {
        try { return System.IO.File.Open(file, System.IO.FileMode.OpenOrCreate, System.IO.FileAccess.ReadWrite, System.IO.FileShare.None); }
        catch (System.IO.IOException) { Thread.Sleep(200); }
    }
}

if (Stale())
{
    using var held = Hold(System.IO.Path.Combine(root, "artifacts/.building"));
    if (Stale())
    {
        var begun = DateTime.UtcNow;
        Console.Error.WriteLine("Building Bottle's tasks (the first time takes about half a minute) ...");
        using var build = Process.Start(new ProcessStartInfo("dotnet", "build build/Bottle.Build.csproj -v:q -nologo -clp:NoSummary -tl:off") { RedirectStandardOutput = true, WorkingDirectory = root });
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0) throw new CakeException(output.Trim());
        System.IO.File.WriteAllText(stamp, "");
        System.IO.File.SetLastWriteTimeUtc(stamp, begun);
    }
}

// Higher versions than Cake's own assemblies load from the tasks' folder; Cake's own come from Cake.
var tasks = new AssemblyLoadContext("bottle");
var closure = new AssemblyDependencyResolver(dll);
tasks.Resolving += (context, name) => closure.ResolveAssemblyToPath(name) is string path ? context.LoadFromAssemblyPath(path) : null;
tasks.LoadFromAssemblyPath(dll).GetType("Bottle.Build.BottleBuild").GetMethod("Run", new[] { typeof(ICakeContext), typeof(Func<IEnumerable<string>, CakeReport>) })
    .CreateDelegate<Action<ICakeContext, Func<IEnumerable<string>, CakeReport>>>()(Context, RunTargets);

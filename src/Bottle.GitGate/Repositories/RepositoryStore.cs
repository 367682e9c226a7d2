using System.Globalization;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Repositories;

/// <summary>Lays the repositories out on disk, and mends what a killed gate left in a folder that outlives runs.</summary>
internal static class RepositoryStore
{
    /// <summary>Creates or mends one repository. Must run before anything uses it.</summary>
    public static void Prepare(Repository repository)
    {
        var folder = repository.Folder;
        Directory.CreateDirectory($"{folder}/objects/info");
        Directory.CreateDirectory($"{folder}/objects/pack");
        Directory.CreateDirectory($"{folder}/refs/heads");
        Directory.CreateDirectory($"{folder}/refs/tags");
        // Written anew at every start: nothing in a kept folder decides how the gate behaves.
        File.WriteAllText($"{folder}/config", Configuration(repository.Settings.Push));
        File.Delete($"{folder}/objects/info/alternates");
        if (!File.Exists($"{folder}/HEAD"))
        {
            File.WriteAllText($"{folder}/HEAD", "ref: refs/heads/main\n");
        }
        RemoveLeftovers(folder);
    }

    /// <summary>Removes lock files, half-written packs and quarantines. Only safe while no git process uses the repository.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.lock", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles($"{folder}/objects", "tmp_*", SearchOption.AllDirectories)).ToArray())
        {
            File.Delete(file);
        }
        foreach (var quarantine in Directory.GetDirectories($"{folder}/objects", "tmp_objdir-*").Concat(Directory.GetDirectories($"{folder}/objects", "incoming-*")))
        {
            Directory.Delete(quarantine, recursive: true);
        }
    }

    // receive.maxInputSize ends a push that is too large while it arrives; bigFileThreshold makes git stream large files instead of holding them.
    internal static string Configuration(PushPolicy push) => string.Create(CultureInfo.InvariantCulture, $"""
        [core]
        	repositoryformatversion = 0
        	filemode = true
        	bare = true
        	logAllRefUpdates = false
        	hooksPath = {GatePaths.Hooks}
        	bigFileThreshold = 8m
        [gc]
        	auto = 0
        [maintenance]
        	auto = false
        [protocol]
        	version = 2
        [receive]
        	fsckObjects = true
        	autogc = false
        	maxInputSize = {push.MaxSize}
        	denyCurrentBranch = ignore
        	denyDeleteCurrent = ignore
        	advertisePushOptions = false
        	shallowUpdate = false
        	keepAlive = 5
        [uploadpack]
        	allowFilter = true
        	allowAnySHA1InWant = true
        [pack]
        	windowMemory = 64m
        	threads = 2

        """);
}

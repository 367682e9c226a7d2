using System.Globalization;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Repositories;

/// <summary>Lays the repositories out on disk, and mends what a killed gate left in a folder that outlives runs.</summary>
internal static class RepositoryStore
{
    // Objects and refs are checked and refreshed; grafts, alternates, shallow marks and whatever else would change how they are read are not kept.
    private static readonly string[] Kept = ["objects", "refs", "packed-refs", "HEAD"];

    /// <summary>Creates or mends one repository; whether it was there already, and so has to be checked. Must run before anything uses it.</summary>
    public static bool Prepare(Repository repository)
    {
        var isKept = Directory.Exists($"{repository.Folder}/objects");
        try
        {
            LayOut(repository);
            return isKept;
        }
        catch (Exception e) when (isKept && e is IOException or UnauthorizedAccessException)
        {
            Renew(repository);
            return false;
        }
    }

    /// <summary>Throws a repository away and begins it anew. Only safe while nothing uses it.</summary>
    public static void Renew(Repository repository)
    {
        GateLog.Write("renewed", ("repository", repository.Settings.Name));
        Directory.Delete(repository.Folder, recursive: true);
        LayOut(repository);
    }

    private static void LayOut(Repository repository)
    {
        var folder = repository.Folder;
        RemoveAllBut(folder, Kept);
        Directory.CreateDirectory($"{folder}/objects/info");
        RemoveAllBut($"{folder}/objects/info", []);
        Directory.CreateDirectory($"{folder}/objects/pack");
        Directory.CreateDirectory($"{folder}/refs/heads");
        Directory.CreateDirectory($"{folder}/refs/tags");
        // Written anew at every start: nothing in a kept folder decides how the gate behaves.
        File.WriteAllText($"{folder}/config", Configuration(repository.Settings.Push));
        if (!File.Exists($"{folder}/HEAD"))
        {
            File.WriteAllText($"{folder}/HEAD", "ref: refs/heads/main\n");
        }
        RemoveLeftovers(folder);
    }

    /// <summary>Whether less than 2 % of the repositories' disk is free. Pushes pile up until the run ends: the disk is the host's, and it shall not be an agent that fills it.</summary>
    public static bool IsDiskNearlyFull() => new DriveInfo(GatePaths.Repositories) is var disk && disk.AvailableFreeSpace < disk.TotalSize / 50;

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

    private static void RemoveAllBut(string folder, string[] kept)
    {
        Directory.CreateDirectory(folder);
        foreach (var entry in new DirectoryInfo(folder).GetFileSystemInfos().Where(entry => !kept.Contains(entry.Name)))
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
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

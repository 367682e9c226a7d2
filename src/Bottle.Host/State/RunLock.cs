using System.Globalization;
using Bottle.Core.Planning;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.State;

/// <summary>The exclusive lock on a run's folder (<c>flock</c> on its file <c>lock</c>): who holds it owns the run, and its death frees it (SPEC E4).</summary>
public sealed class RunLock : IDisposable
{
    // Somebody who only asks whether the lock is held has it, shared, for a moment.
    private const int Attempts = 10;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle file;

    private RunLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock in a folder, or returns null when another process (or another part of this one) holds it, or the folder went away.</summary>
    public static RunLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, StateLayout.Lock);
        for (var attempt = 0; attempt < Attempts && Directory.Exists(folder); attempt++)
        {
            var file = NativeFile.OpenToLock(path);
            if (NativeFile.TryLock(file, exclusive: true) && NativeFile.Look(path)?.Inode == NativeFile.Look(file).Inode)
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
                return new RunLock(file);
            }
            file.Dispose();
            Thread.Sleep(Between);
        }
        return null;
    }

    /// <summary>Whether somebody holds the lock in a folder.</summary>
    public static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, StateLayout.Lock);
        if (!File.Exists(path))
            return false;
        try
        {
            using var file = NativeFile.OpenWithoutFollowing(path);
            return !NativeFile.TryLock(file, exclusive: false);
        }
        catch (IOException) when (!File.Exists(path))
        {
            // Its owner has removed it since.
            return false;
        }
    }

    /// <summary>The process that wrote itself into the lock last; null when none did.</summary>
    public static int? Holder(string folder) =>
        SafeReading.Read(Path.Combine(folder, StateLayout.Lock), 32) is var (content, _)
        && int.TryParse(System.Text.Encoding.ASCII.GetString(content).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Frees the lock.</summary>
    public void Dispose() => file.Dispose();
}

namespace Bottle.Host.Images;

/// <summary>One Bottle at a time publishes and builds in a repository: two would write the same folders. Ends with its process.</summary>
internal sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream held;

    private BuildLock(FileStream held) => this.held = held;

    /// <summary>Waits for the lock.</summary>
    public static async Task<BuildLock> TakeAsync(string repository, Action<string> say, CancellationToken cancellationToken)
    {
        var file = Path.Combine(repository, "artifacts", "images.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        for (var told = false; ; told = true)
        {
            try
            {
                return new BuildLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException)
            {
                if (!told)
                    say("waiting for another Bottle that builds images");
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}

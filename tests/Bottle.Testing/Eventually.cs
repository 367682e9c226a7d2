using NUnit.Framework;

namespace Bottle.Testing;

/// <summary>Waits for a condition, for as long as a slow machine may need.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds; fails the test with the other text when it never does.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail(otherwise());
            }
            await Task.Delay(10);
        }
    }

    /// <summary>A task's result, or a failure after the same limit.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task) => task.WaitAsync(Limit);
}

namespace Bottle.GitGate.Tests.Engine;

/// <summary>The one lab of this assembly, made when the first test wants it.</summary>
[SetUpFixture]
internal sealed class LabFixture
{
    private static Lazy<Task<Lab>>? _lab;

    public static Task<Lab> Lab => _lab!.Value;

    [OneTimeSetUp]
    public void Prepare() => _lab = new Lazy<Task<Lab>>(Engine.Lab.StartAsync);

    [OneTimeTearDown]
    public async Task CleanUp()
    {
        if (_lab is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Lab).DisposeAsync();
        }
    }
}

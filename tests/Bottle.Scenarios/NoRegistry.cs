using Bottle.Host.Images;

namespace Bottle.Scenarios;

/// <summary>No scenario asks a real registry for pipelock: nobody listens where they ask, so the stand-in takes its place. A run that names an image has it.</summary>
[SetUpFixture]
internal sealed class NoRegistry
{
    [OneTimeSetUp]
    public static void AskNobody()
    {
        if (Environment.GetEnvironmentVariable(PipelockImage.Variable) is null) Environment.SetEnvironmentVariable(PipelockImage.Variable, "127.0.0.1:1/pipelock:2.3.0");
    }
}

global using NUnit.Framework;

// Each test has a gate of its own; the engine, not the tests, is what they share.
[assembly: LevelOfParallelism(4)]

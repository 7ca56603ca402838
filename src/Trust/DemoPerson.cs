namespace Madang.Trust;

/// <summary>A made-up person of the demo, as it is told at the start.</summary>
/// <param name="SignInName">What is typed to sign in, and the word of the role.</param>
/// <param name="Name">What the person is called; says that it is made up.</param>
/// <param name="Password">The password, another in each data folder.</param>
public sealed record DemoPerson(string SignInName, string Name, string Password);

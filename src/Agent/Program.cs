using BlueGreen.Agent.Cli;
using BlueGreen.Agent.Hosting;

// Before anything else: until they are handled, USR2 and HUP end a process.
if (args is ["run", ..])
{
    SignalHandler.Register();
}

return await CommandTable.RunAsync(args);

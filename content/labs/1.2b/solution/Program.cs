using System.Runtime.InteropServices;
using Confluent.Kafka;
using Formation.KeyedOrderProducer;
using Microsoft.Extensions.Logging;

// <main>
try
{
    ProducerSettings settings = ProducerSettings.FromEnvironment();

    using ILoggerFactory loggers = LoggerFactory.Create(logging => Configure(logging, settings));
    ILogger logger = loggers.CreateLogger("KeyedOrderProducer");

    using var stop = new CancellationTokenSource();
    using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestStop);
    using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, RequestStop);

    // Libérés dans l'ordre inverse : le producer principal d'abord, la DLQ ensuite.
    await using var deadLetters = new DeadLetterQueue(ProducerFactory.CreateDeadLetters(settings, logger), settings, logger);
    using IProducer<string, string> producer = ProducerFactory.CreateOrders(settings, logger, stop);

    int partitionCount = Topics.PartitionCount(producer, settings.Topic);
    Topics.LogPredictions(settings, partitionCount, logger);

    var publisher = new OrderPublisher(producer, deadLetters, settings, logger, stop);
    await publisher.PublishAsync();
    publisher.FlushUntilEmpty();
    return publisher.Conclude(partitionCount);

    void RequestStop(PosixSignalContext signal)
    {
        // Nous terminons nous-mêmes : sans cette ligne, le processus mourrait avec des messages en file.
        signal.Cancel = true;
        stop.Cancel();
    }
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
    return ExitCode.BadConfiguration;
}
// </main>

static void Configure(ILoggingBuilder logging, ProducerSettings settings)
{
    if (settings.LogAsJson)
    {
        logging.AddJsonConsole();
        return;
    }

    logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
    });
}

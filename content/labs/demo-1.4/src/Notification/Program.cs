using Formation.Shop.Messaging;
using Formation.Shop.Notification;

return await ShopService.RunAsync<NotificationHandler>(args, "notification", handlerDelayMs: 30);

import Glibc

exit(try Campaign.run())

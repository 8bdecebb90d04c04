// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "./Types.sol";

/// @notice A user's promise to the host of one copy: all units and all money so far. Only the latest counts.
/// @param cumulativeUnits Tokens that the user has received from the copy, in all.
/// @param cumulativeAmount Amount that the user has promised for them, in all.
struct Voucher {
    CopyId copyId;
    address user;
    uint64 cumulativeUnits;
    uint64 cumulativeAmount;
}

/// @title Hash of the EIP-712 struct that users sign, equal to that of lib/metering/voucher.ts. The domain is the user
/// ledger's.
library Vouchers {
    bytes32 internal constant VOUCHER_TYPEHASH =
        keccak256("Voucher(uint256 copyId,address user,uint64 cumulativeUnits,uint64 cumulativeAmount)");

    function hash(Voucher memory voucher) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER_TYPEHASH, voucher));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy } from "../../src/interfaces/ICopyRegistry.sol";

/// @notice Hash of the fields of a copy that its order fixes.
function fixedAtOrder(Copy memory copy) pure returns (bytes32) {
    return keccak256(
        abi.encode(
            copy.modelId,
            copy.version,
            copy.buyer,
            copy.minter,
            copy.price,
            copy.fee,
            copy.mintFee,
            copy.acceptWindow,
            copy.penalty,
            copy.leakTail
        )
    );
}

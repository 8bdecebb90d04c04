// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IKeyLedger } from "../interfaces/IKeyLedger.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice See `IKeyLedger`.
contract KeyLedger is IKeyLedger {
    uint8 private constant EIGHTHS = 8;

    address private immutable COURT;

    /// @dev Bit i stands for eighth i.
    mapping(CopyId id => uint8) private _spent;

    constructor(address court) {
        COURT = court;
    }

    /// @inheritdoc IKeyLedger
    function spend(CopyId id, bytes32 seed) external returns (uint8 eighth) {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        uint256 remaining = left(id);
        require(remaining > 0, CodewordSpent(id));

        uint256 skip = uint256(seed) % remaining;
        while (spent(id, eighth) || skip > 0) {
            if (!spent(id, eighth)) --skip;
            ++eighth;
        }
        // one of eight bits
        // forge-lint: disable-next-line(unsafe-typecast)
        _spent[id] |= uint8(1 << eighth);
        emit Spent(id, eighth);
    }

    /// @inheritdoc IKeyLedger
    function left(CopyId id) public view returns (uint256 count) {
        for (uint8 i; i < EIGHTHS; ++i) {
            if (!spent(id, i)) ++count;
        }
    }

    /// @inheritdoc IKeyLedger
    function spent(CopyId id, uint8 eighth) public view returns (bool) {
        return _spent[id] >> eighth & 1 == 1;
    }
}

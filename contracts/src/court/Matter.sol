// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IMatter } from "../interfaces/IMatter.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev What every matter shares: its court, and how much evidence convicts.
abstract contract Matter is IMatter {
    using SafeCast for uint256;

    /// @dev ln(10⁹) and ln(2), in thousandths of a nat, rounded up.
    uint256 private constant LN_BILLION = 20_724;
    uint256 private constant LN_TWO = 694;

    address internal immutable COURT;

    constructor(address court) {
        COURT = court;
    }

    modifier onlyCourt() {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        _;
    }

    /// @dev ln(10⁹ × suspects) in thousandths of a nat, rounded up to a doubling of the suspects.
    function _threshold(uint256 suspects) internal pure returns (uint64) {
        return (LN_BILLION + LN_TWO * Math.log2(Math.max(1, suspects), Math.Rounding.Ceil)).toUint64();
    }

    function _requireNotExcluded(address account, address[4] memory excluded) internal pure {
        for (uint256 i; i < excluded.length; ++i) {
            require(excluded[i] != account, Excluded(account));
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { UsersBase } from "../helpers/UsersBase.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";

/// @notice Fees and settlements are those of lib/metering. Its tests read the same file.
contract AmountsTest is UsersBase {
    string private vectors = vm.readFile("test/vectors.json");

    function test_default_fees() public {
        uint256 total = vm.parseJsonUint(vectors, ".feesCount");
        for (uint256 i; i < total; ++i) {
            string memory key = string.concat(".fees[", Strings.toString(i), "]");
            _serve(_number(key, ".feePerMillion"));
            vm.assertEq(ledger.feeOf(copyId, _number(key, ".units")), _number(key, ".fee"), key);
        }
    }

    /// As many units are settled as were reported.
    function test_default_settlements() public {
        uint256 total = vm.parseJsonUint(vectors, ".settlementsCount");
        for (uint256 i; i < total; ++i) {
            string memory key = string.concat(".settlements[", Strings.toString(i), "]");
            (uint64 units, uint64 amount) = (_number(key, ".cumulativeUnits"), _number(key, ".cumulativeAmount"));
            _serve(0);
            _reserve(USER, copyId, amount + 1);
            _reportUnits(_number(key, ".units"));
            vm.assertEq(_settle(units, amount), _number(key, ".released"), key);
            vm.assertEq(users.settledUnits(copyId), _number(key, ".units"), key);
        }
    }

    /// @dev A copy with this fee for a million tokens.
    function _serve(uint64 fee) private {
        Terms memory terms = _terms();
        terms.fee = fee;
        copyId = _active(BUYER, _register(CREATOR, terms, _refs()));
    }

    function _number(string memory key, string memory field) private view returns (uint64) {
        return uint64(vm.parseJsonUint(vectors, string.concat(key, field)));
    }
}
